package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.event.ListenerContainerEvent;
import io.liftbridge.spring.event.ListenerContainerIdleEvent;
import io.liftbridge.spring.event.ListenerContainerNoLongerIdleEvent;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class PauseTests extends EmbeddedBrokerTest {

	@Test
	void aPausedListenerReceivesNothingUntilItIsResumed() {
		stream(1);
		Collector listener = new Collector();
		Events events = new Events();
		try (TestApplication app = application().listener(listener).listener("events", events).start()) {
			app.awaitRunning("collector");
			ListenerContainer container = app.container("collector");
			container.pause();
			container.pause();
			assertThat(container.isPaused()).isTrue();
			assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.PAUSED);
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(app.status("collector", 0).newest()).isZero());
			assertThat(listener.texts).isEmpty();
			container.resume();
			eventually(() -> assertThat(listener.texts).containsExactly("a"));
			assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.LIVE);
			eventually(() -> assertThat(events.seen).containsSubsequence("ListenerContainerPausedEvent",
					"ListenerContainerResumedEvent"));
			assertThat(events.seen).filteredOn("ListenerContainerPausedEvent"::equals).hasSize(1);
		}
	}

	@Test
	void aPauseOutlastsAStop() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			ListenerContainer container = app.container("collector");
			container.pause();
			container.stop();
			app.template().send(this.stream, "a").join();
			container.start();
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.PAUSED));
			assertThat(listener.texts).isEmpty();
			container.resume();
			eventually(() -> assertThat(listener.texts).containsExactly("a"));
		}
	}

	@Test
	void onePartitionIsPausedWhileTheOtherGoesOn() {
		stream(2);
		Collector listener = new Collector();
		Events events = new Events();
		try (TestApplication app = application().listener(listener).listener("events", events).start()) {
			app.awaitRunning("collector");
			ListenerContainer container = app.container("collector");
			container.pause(this.stream, 0);
			assertThat(container.isPaused()).isFalse();
			assertThat(container.isPaused(this.stream, 0)).isTrue();
			publish(app, 0, "zero");
			publish(app, 1, "one");
			eventually(() -> assertThat(listener.texts).containsExactly("one"));
			container.resume(this.stream, 0);
			eventually(() -> assertThat(listener.texts).containsExactly("one", "zero"));
			eventually(() -> assertThat(events.seen).containsSubsequence("ListenerPartitionPausedEvent",
					"ListenerPartitionResumedEvent"));
		}
	}

	@Test
	void refusesToPauseWhatItDoesNotRead() {
		stream(2);
		try (TestApplication app = application().listener(new Collector()).start()) {
			app.awaitRunning("collector");
			ListenerContainer container = app.container("collector");
			assertThatIllegalStateException().isThrownBy(() -> container.pause("nosuch", 0))
				.withMessageContaining("Listener 'collector' does not read stream 'nosuch' partition 0")
				.withMessageContaining("[" + this.stream + "]");
			assertThatIllegalStateException().isThrownBy(() -> container.pause(this.stream, 2))
				.withMessageContaining("partition 2");
			assertThatIllegalStateException().isThrownBy(() -> container.resume("nosuch", 0));
			container.stop();
			assertThatIllegalStateException().isThrownBy(() -> container.pause("nosuch", 0));
			container.pause(this.stream, 1);
			assertThat(container.isPaused(this.stream, 1)).isTrue();
		}
	}

	@Test
	void eventsSayWhatTheyAreAbout() {
		stream(1);
		Events events = new Events();
		try (TestApplication app = idling(events)) {
			app.awaitRunning("collector").container("collector").pause(this.stream, 0);
			eventually(() -> assertThat(events.texts).contains(
					"ListenerPartitionsAssignedEvent[collector: stream '" + this.stream + "' partitions [0]]",
					"ListenerPartitionPausedEvent[collector: stream '" + this.stream + "' partition 0]",
					"ListenerContainerStartedEvent[collector]"));
			eventually(() -> assertThat(events.texts)
				.anyMatch((text) -> text.startsWith("ListenerContainerIdleEvent[collector: no message for PT")));
		}
	}

	@Test
	void aPausedListenerStopsAtOnce() {
		stream(1);
		try (TestApplication app = application().listener(new Collector()).start()) {
			app.awaitRunning("collector");
			app.container("collector").pause();
			app.template().send(this.stream, "a").join();
			long start = System.nanoTime();
			app.container("collector").stop();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
			assertThat(app.container("collector").state()).isEqualTo(ContainerState.STOPPED);
		}
	}

	@Test
	void tellsThatAListenerIsIdleAndThatItIsNotAnyMore() {
		stream(1);
		Events events = new Events();
		try (TestApplication app = idling(events)) {
			eventually(() -> assertThat(events.seen).contains("ListenerContainerIdleEvent"));
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(events.seen).containsSubsequence("ListenerContainerIdleEvent",
					"ListenerContainerNoLongerIdleEvent", "ListenerContainerIdleEvent"));
			assertThat(events.idle)
				.allSatisfy((time) -> assertThat(time).isGreaterThanOrEqualTo(Duration.ofMillis(300)));
		}
	}

	private void publish(TestApplication app, int partition, String text) {
		app.template().newMessage(text).stream(this.stream).partition(partition).send().join();
	}

	/** Says soon that nothing comes. */
	private TestApplication idling(Events events) {
		return application().listener(new Collector())
			.listener("events", events)
			.factory((factory) -> factory.getContainerProperties().setIdleEventInterval(Duration.ofMillis(300)))
			.start();
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "${in}", concurrency = "2")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Events {

		final Queue<String> seen = new ConcurrentLinkedQueue<>();

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final Queue<Duration> idle = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerContainerEvent event) {
			this.seen.add(event.getClass().getSimpleName());
			this.texts.add(event.toString());
			if (event instanceof ListenerContainerIdleEvent told) {
				this.idle.add(told.getIdleTime());
			}
			if (event instanceof ListenerContainerNoLongerIdleEvent told) {
				this.idle.add(told.getIdleTime());
			}
		}

	}

}
