package io.liftbridge.client.nats;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.fake.ClassPathWithout;
import io.liftbridge.client.fake.FakeClusterTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The library for NATS is optional.
 */
class WithoutNatsTests extends FakeClusterTest {

	@Test
	void theClientAndTheEnvelopeWorkWithoutIt() throws Exception {
		try (ClassPathWithout loader = new ClassPathWithout("jnats")) {
			assertThatExceptionOfType(ClassNotFoundException.class)
				.isThrownBy(() -> loader.loadClass("io.nats.client.Connection"));
			Class<?> type = loader.loadClass("io.liftbridge.client.LiftbridgeClient");
			assertThat(type.getClassLoader()).isSameAs(loader);
			Object builder = type.getMethod("builder").invoke(null);
			builder.getClass().getMethod("seeds", String[].class).invoke(builder, (Object) this.cluster.seeds());
			Object other = builder.getClass().getMethod("build").invoke(builder);
			try {
				CompletableFuture<?> brokers = (CompletableFuture<?>) type.getMethod("connect").invoke(other);
				assertThat((List<?>) brokers.get(LONG.toSeconds(), TimeUnit.SECONDS)).hasSize(1);
			}
			finally {
				type.getMethod("close").invoke(other);
			}
			Class<?> message = loader.loadClass("io.liftbridge.client.message.Message");
			Object envelope = loader.loadClass("io.liftbridge.client.nats.NatsEnvelope")
				.getMethod("encode", message)
				.invoke(null, message.getMethod("of", byte[].class).invoke(null, new byte[1]));
			assertThat((byte[]) envelope).isNotEmpty();
		}
	}

}
