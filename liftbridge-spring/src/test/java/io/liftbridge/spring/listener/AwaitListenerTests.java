package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.test.LiftbridgeTestUtils;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Test support finds what it needs of a container by name, so its test is here.
 */
class AwaitListenerTests extends EmbeddedBrokerTest {

	private static final Duration SHORT = Duration.ofMillis(50);

	@Test
	void waitsUntilAListenerReadsAndHasProcessedAll() {
		stream(2);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			ListenerContainer container = app.container("collector");
			LiftbridgeTestUtils.awaitAssignment(container);
			LiftbridgeTestUtils.awaitAssignment(container, 2);
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream, "b").join();
			LiftbridgeTestUtils.awaitConsumed(app.client(), container);
			assertThat(listener.texts).containsExactlyInAnyOrder("a", "b");
		}
	}

	@Test
	void tellsWhatIsMissing() {
		stream(1);
		try (TestApplication app = application().listener(new Collector()).start()) {
			ListenerContainer container = app.container("collector");
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> LiftbridgeTestUtils.awaitAssignment(container, 2, SHORT))
				.withMessageStartingWith("listener 'collector' reads 2 partitions: not within PT0.05S, it ");
			LiftbridgeTestUtils.awaitAssignment(container);
			container.pause();
			app.template().send(this.stream, "a").join();
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> LiftbridgeTestUtils.awaitConsumed(app.client(), container, SHORT))
				.withMessageContaining(this.stream + " partition 0 is PAUSED at -1");
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
		}

	}

}
