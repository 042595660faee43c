package io.liftbridge.client.topic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;

import io.liftbridge.client.fake.ClassPathWithout;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The libraries for JSON are optional.
 */
class WithoutJacksonTests {

	@Test
	void topicsOfBytesWorkAndWhatNeedsJsonNamesTheLibrary() throws Throwable {
		try (ClassPathWithout loader = new ClassPathWithout("jackson", "json-schema-validator")) {
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
		try (ClassPathWithout loader = new ClassPathWithout("json-schema-validator")) {
			assertMissing(() -> loader.loadClass("io.liftbridge.client.topic.JsonSchemaValidator")
				.getMethod("of", String.class)
				.invoke(null, "{}"), "com.networknt:json-schema-validator");
		}
	}

	private static Object client(ClassLoader loader) throws Exception {
		Object builder = loader.loadClass("io.liftbridge.client.LiftbridgeClient").getMethod("builder").invoke(null);
		builder.getClass().getMethod("seeds", String[].class).invoke(builder, (Object) new String[] { "127.0.0.1:1" });
		return builder.getClass().getMethod("build").invoke(builder);
	}

	private static void assertMissing(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String library) {
		assertThatExceptionOfType(InvocationTargetException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getCause()).hasMessageContaining(library)
				.hasMessageContaining("on the class path"));
	}

}
