package io.liftbridge.client.topic;

import java.io.File;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The libraries for JSON are optional.
 */
class WithoutJacksonTests {

	@Test
	void topicsOfBytesWorkAndWhatNeedsJsonNamesTheLibrary() throws Throwable {
		try (URLClassLoader loader = without("jackson", "json-schema-validator")) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("tools.jackson.databind.json.JsonMapper"));
			Class<?> serializers = loader.loadClass("io.liftbridge.client.topic.EventSerializers");
			Object bytes = serializers.getMethod("bytes").invoke(null);
			Class<?> definition = loader.loadClass("io.liftbridge.client.topic.TopicDefinition");
			Class<?> serializer = loader.loadClass("io.liftbridge.client.topic.EventSerializer");
			Object topic = definition.getMethod("of", String.class, serializer).invoke(null, "orders", bytes);
			assertThat(definition.getMethod("describe").invoke(topic)).asString().contains("bytes");
			Object client = client(loader);
			Object handle = client.getClass()
				.getMethod("topic", String.class, definition)
				.invoke(client, "orders", topic);
			assertThat(handle).hasToString("Topic[orders]");
			Object topics = client.getClass().getMethod("topics").invoke(client);
			assertMissing(() -> topics.getClass().getMethod("list").invoke(topics), "jackson-databind");
			client.getClass().getMethod("close").invoke(client);
			assertMissing(() -> serializers.getMethod("json", Class.class).invoke(null, String.class),
					"jackson-databind");
			assertMissing(() -> loader.loadClass("io.liftbridge.client.topic.EventPatternValidator")
				.getMethod("of", String.class)
				.invoke(null, "{}"), "jackson-databind");
			Class<?> metadata = loader.loadClass("io.liftbridge.client.topic.Metadata");
			// Not by reflection over all methods, one of which names a class that is
			// missing.
			Object text = MethodHandles.publicLookup()
				.findStatic(metadata, "of", MethodType.methodType(metadata, String.class))
				.invokeWithArguments("{}");
			assertThat(text).hasToString("Metadata[2 bytes]");
		}
		try (URLClassLoader loader = without("json-schema-validator")) {
			assertMissing(() -> loader.loadClass("io.liftbridge.client.topic.JsonSchemaValidator")
				.getMethod("of", String.class)
				.invoke(null, "{}"), "com.networknt:json-schema-validator");
		}
	}

	private static Object client(URLClassLoader loader) throws Exception {
		Object builder = loader.loadClass("io.liftbridge.client.LiftbridgeClient").getMethod("builder").invoke(null);
		builder.getClass().getMethod("seeds", String[].class).invoke(builder, (Object) new String[] { "127.0.0.1:1" });
		return builder.getClass().getMethod("build").invoke(builder);
	}

	private static void assertMissing(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String library) {
		assertThatExceptionOfType(InvocationTargetException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getCause()).hasMessageContaining(library)
				.hasMessageContaining("on the class path"));
	}

	private static URLClassLoader without(String... libraries) throws Exception {
		List<URL> urls = new ArrayList<>();
		for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
			String name = Path.of(entry).getFileName().toString();
			if (List.of(libraries).stream().noneMatch(name::startsWith)) {
				urls.add(Path.of(entry).toUri().toURL());
			}
		}
		return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

}
