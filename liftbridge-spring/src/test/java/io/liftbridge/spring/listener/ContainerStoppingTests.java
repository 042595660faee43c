package io.liftbridge.spring.listener;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.event.ListenerContainerFailedEvent;
import io.liftbridge.spring.listener.delivery.ContainerStoppingErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerStoppedException;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ContainerStoppingTests extends EmbeddedBrokerTest {

	@Test
	void theContainerStopsBeforeAMessageThatFailsForGoodAndSaysWhy() {
		stream(1);
		Mendable listener = new Mendable();
		Failures failures = new Failures();
		try (TestApplication app = application().listener(listener)
			.listener("failures", failures)
			.factory((factory) -> factory.setErrorHandler(new ContainerStoppingErrorHandler(new FixedBackOff(10, 1))))
			.start()) {
			app.template().send(this.stream, "good").join();
			app.template().send(this.stream, "bad").join();
			app.template().send(this.stream, "after").join();
			eventually(() -> assertThat(app.container("mendable").state()).isEqualTo(ContainerState.FAILED));
			assertThat(listener.texts).containsExactly("good", "bad", "bad");
			assertThat(app.container("mendable").failure()).isInstanceOf(ListenerStoppedException.class)
				.hasMessageContaining("Listener 'mendable' is stopped at " + this.stream + "/0@1 after 2 attempt(s)")
				.hasMessageContaining("not yet mended")
				.hasCauseInstanceOf(IllegalStateException.class);
			assertThat(app.cursor("mendable", this.stream, 0)).isZero();
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
			eventually(() -> assertThat(failures.events).hasSize(1));
			assertThat(failures.events.element().getListenerId()).isEqualTo("mendable");
			assertThat(failures.events.element().getReason()).isSameAs(app.container("mendable").failure());
			listener.mended = true;
			app.container("mendable").start();
			eventually(() -> assertThat(listener.texts).containsExactly("good", "bad", "bad", "bad", "after"));
			eventually(() -> assertThat(app.cursor("mendable", this.stream, 0)).isEqualTo(2));
			assertThat(app.container("mendable").failure()).isNull();
		}
	}

	@Test
	void whatWouldFailAgainStopsItAtOnce() {
		stream(1);
		Typed listener = new Typed();
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory
				.setErrorHandler(new ContainerStoppingErrorHandler(new FixedBackOff(600_000, 5))))
			.start()) {
			app.template().send(this.stream, "no JSON").join();
			eventually(() -> assertThat(app.container("typed").state()).isEqualTo(ContainerState.FAILED));
			assertThat(app.container("typed").failure()).hasMessageContaining("PayloadConversionException");
			assertThat(app.cursor("typed", this.stream, 0)).isEqualTo(-1);
		}
	}

	static class Failures {

		final Queue<ListenerContainerFailedEvent> events = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerContainerFailedEvent event) {
			this.events.add(event);
		}

	}

	static class Mendable {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		volatile boolean mended;

		@LiftbridgeListener(id = "mendable", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("bad") && !this.mended) {
				throw new IllegalStateException("not yet mended");
			}
		}

	}

	record Reading(int value) {
	}

	static class Typed {

		@LiftbridgeListener(id = "typed", streams = "${in}")
		void on(Reading reading) {
		}

	}

}
