package io.liftbridge.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads the metadata that IDEs show to users.
 */
class ConfigurationMetadataTests {

	static final JsonNode METADATA = read();

	static Stream<JsonNode> properties() {
		return METADATA.get("properties").valueStream();
	}

	@ParameterizedTest
	@MethodSource("properties")
	void eachPropertyIsTyped(JsonNode property) {
		assertThat(property.path("type").asString("")).as(name(property)).isNotBlank();
	}

	@ParameterizedTest
	@MethodSource("properties")
	void eachPropertyIsDescribedAsBootDoesIt(JsonNode property) {
		String description = property.path("description").asString("");
		assertThat(description).as(name(property)).isNotBlank().endsWith(".").doesNotContain("{@", "<", "Default");
		assertThat(description).as(name(property)).doesNotStartWith("The ").doesNotStartWith("A ");
		if (property.path("type").asString().equals("java.lang.Boolean")) {
			assertThat(description).as(name(property)).startsWith("Whether ");
		}
	}

	@ParameterizedTest
	@MethodSource("properties")
	void eachNameIsOurs(JsonNode property) {
		assertThat(name(property))
			.matches("(liftbridge|management\\.(health|endpoint)\\.liftbridge)(\\.[a-z][a-z-]*)+");
	}

	@Test
	void tellsTheDefaults() {
		Map<String, String> defaults = new TreeMap<>();
		properties().filter((property) -> property.has("defaultValue"))
			.forEach((property) -> defaults.put(name(property), text(property.get("defaultValue"))));
		assertThat(defaults).containsEntry("liftbridge.seeds", "localhost:9292")
			.containsEntry("liftbridge.connect-timeout", "5s")
			.containsEntry("liftbridge.producer.ack-policy", "leader");
		assertThat(properties().map(ConfigurationMetadataTests::name).filter((name) -> !defaults.containsKey(name)))
			.containsExactlyInAnyOrder("liftbridge.client-id", "liftbridge.embedded.directory",
					"liftbridge.producer.compression-level", "liftbridge.producer.max-large-message-size",
					"liftbridge.producer.retries", "liftbridge.ssl.enabled", "liftbridge.ssl.bundle",
					"liftbridge.streams", "liftbridge.template.default-stream");
	}

	@Test
	void hintsAreForPropertiesThatExist() {
		assertThat(METADATA.path("hints").valueStream().map(ConfigurationMetadataTests::name))
			.allSatisfy((hint) -> assertThat(properties().map(ConfigurationMetadataTests::name)).contains(hint));
	}

	private static String name(JsonNode node) {
		return node.path("name").asString();
	}

	private static String text(JsonNode value) {
		return value.isArray() ? String.join(",", value.valueStream().map(JsonNode::asString).toList())
				: value.asString();
	}

	private static JsonNode read() {
		String classes = LiftbridgeProperties.class.getProtectionDomain().getCodeSource().getLocation().toString();
		URI metadata = URI.create((classes.endsWith("/") ? classes : "jar:" + classes + "!/")
				+ "META-INF/spring-configuration-metadata.json");
		try (InputStream content = metadata.toURL().openStream()) {
			return JsonMapper.shared().readTree(content);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
