package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.event.ListenerContainerEvent;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.RecordListener;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.EventListener;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ContainerStopTests extends EmbeddedBrokerTest {

	@Test
	void aBackOffEndsAtOnce() {
		stream(1);
		Failing listener = new Failing();
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory
				.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(600_000, 3), new LoggingRecoverer())))
			.start()) {
			app.template().send(this.stream, "bad");
			eventually(() -> assertThat(app.status("failing", 0).state()).isEqualTo(PartitionState.RETRYING));
			assertThat(timeToStop(app, "failing")).isLessThan(Duration.ofSeconds(4));
			assertThat(app.status("failing", 0).state()).isEqualTo(PartitionState.STOPPED);
			// It was neither processed nor given up.
			assertThat(app.cursor("failing", this.stream, 0)).isEqualTo(-1);
			assertThat(listener.attempts).hasValue(1);
			app.container("failing").start();
			eventually(() -> assertThat(listener.attempts).hasValue(2));
		}
	}

	@Test
	void aSlowListenerIsWaitedForAndItsPositionStored() {
		stream(1);
		Slow listener = new Slow();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "a");
			app.template().send(this.stream, "b");
			eventually(() -> assertThat(listener.entered.getCount()).isZero());
			CompletableFuture<Duration> stop = CompletableFuture.supplyAsync(() -> timeToStop(app, "slow"));
			eventually(() -> assertThat(app.container("slow").state()).isEqualTo(ContainerState.STOPPING));
			assertThat(stop).isNotDone();
			listener.proceed.countDown();
			assertThat(stop.join()).isLessThan(Duration.ofSeconds(4));
			assertThat(listener.texts).containsExactly("a");
			assertThat(app.cursor("slow", this.stream, 0)).isZero();
		}
	}

	@Test
	void aListenerThatDoesNotReturnIsInterruptedAfterTheTimeout() {
		stream(1);
		Slow listener = new Slow();
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory.getContainerProperties().setShutdownTimeout(Duration.ofMillis(500)))
			.start()) {
			app.template().send(this.stream, "a");
			eventually(() -> assertThat(listener.entered.getCount()).isZero());
			assertThat(timeToStop(app, "slow")).isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
			eventually(() -> assertThat(listener.interrupted).isTrue());
			assertThat(app.container("slow").state()).isEqualTo(ContainerState.STOPPED);
			assertThat(app.cursor("slow", this.stream, 0)).isEqualTo(-1);
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
			listener.proceed.countDown();
			app.container("slow").start();
			eventually(() -> assertThat(listener.texts).containsExactly("a"));
		}
	}

	@Test
	void aSlowListenerDoesNotHoldUpTheOtherPartitionsOfItsThreadWhenStopping() {
		broker.createStream(this.stream, 2);
		FailingOrSlow listener = new FailingOrSlow();
		try (TestApplication app = application().listener(listener).factory((factory) -> {
			factory.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(600_000, 3), new LoggingRecoverer()));
			factory.getContainerProperties().setShutdownTimeout(Duration.ofMillis(700));
		}).start()) {
			app.template().newMessage("bad").stream(this.stream).partition(0).send();
			eventually(() -> assertThat(app.status("mixed", 0).state()).isEqualTo(PartitionState.RETRYING));
			app.template().newMessage("slow").stream(this.stream).partition(1).send();
			eventually(() -> assertThat(listener.entered.getCount()).isZero());
			app.container("mixed").stop(() -> {
			});
			eventually(() -> assertThat(app.status("mixed", 0).state()).isEqualTo(PartitionState.STOPPED));
			assertThat(timeToStop(app, "mixed")).isLessThan(Duration.ofSeconds(4));
		}
	}

	@Test
	void theSecondStopIsFree() {
		stream(1);
		try (TestApplication app = application().listener(new Failing()).start()) {
			app.awaitRunning("failing");
			timeToStop(app, "failing");
			assertThat(timeToStop(app, "failing")).isLessThan(Duration.ofSeconds(2));
			AtomicInteger calls = new AtomicInteger();
			app.container("failing").stop(calls::incrementAndGet);
			assertThat(calls).hasValue(1);
		}
	}

	@Test
	void aContainerMayBeStoppedAfterItsFactory() {
		stream(1);
		ListenerContainer container;
		try (TestApplication app = application().start()) {
			ContainerProperties properties = new ContainerProperties(app.factory().getContainerProperties());
			properties.setStreams(List.of(this.stream));
			RecordListener listener = (message, acknowledgment) -> null;
			container = app.factory().createContainer("orphan", properties, listener);
			container.start();
			eventually(() -> assertThat(container.state()).isEqualTo(ContainerState.RUNNING));
		}
		container.stop();
		assertThat(container.state()).isEqualTo(ContainerState.STOPPED);
		container.stop();
	}

	@Test
	void aListenerMayStopItsContainer() {
		stream(1);
		StopsItself listener = new StopsItself();
		try (TestApplication app = application().listener(listener).start()) {
			listener.container = app.container("itself");
			app.template().send(this.stream, "a");
			app.template().send(this.stream, "b");
			eventually(() -> assertThat(app.container("itself").state()).isEqualTo(ContainerState.STOPPED));
			assertThat(listener.texts).containsExactly("a");
			assertThat(app.cursor("itself", this.stream, 0)).isZero();
			assertThat(listener.took).isLessThan(Duration.ofSeconds(4));
		}
	}

	@Test
	void aStartDuringAStopIsNotForgotten() {
		stream(1);
		RestartsItself listener = new RestartsItself();
		try (TestApplication app = application().listener(listener).start()) {
			listener.container = app.container("restarts");
			app.template().send(this.stream, "a");
			app.template().send(this.stream, "b");
			eventually(() -> assertThat(listener.texts).containsExactly("a", "b"));
			app.awaitRunning("restarts");
		}
	}

	@Test
	void aFutureThatTheListenerReturnedIsWaitedFor() {
		stream(1);
		Later listener = new Later();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "a");
			eventually(() -> assertThat(listener.results).hasSize(1));
			CompletableFuture<Duration> stop = CompletableFuture.supplyAsync(() -> timeToStop(app, "later"));
			eventually(() -> assertThat(app.container("later").state()).isEqualTo(ContainerState.STOPPING));
			assertThat(app.cursor("later", this.stream, 0)).isEqualTo(-1);
			listener.results.peek().complete(null);
			stop.join();
			assertThat(app.cursor("later", this.stream, 0)).isZero();
		}
	}

	@Test
	void closingTheApplicationStopsListenersFirstAndStoresPositions() {
		stream(1);
		Slow listener = new Slow();
		Events events = new Events();
		TestApplication app = application().listener(listener).listener("events", events).start();
		app.awaitRunning("slow");
		app.template().send(this.stream, "a");
		eventually(() -> assertThat(listener.entered.getCount()).isZero());
		CompletableFuture<Void> close = CompletableFuture.runAsync(app::close);
		eventually(() -> assertThat(app.container("slow").state()).isEqualTo(ContainerState.STOPPING));
		listener.proceed.countDown();
		close.join();
		assertThat(events.seen).containsExactly("ListenerPartitionsAssignedEvent", "ListenerContainerStartedEvent",
				"ListenerContainerStoppedEvent");
		try (TestApplication again = application().start()) {
			assertThat(again.cursor("slow", this.stream, 0)).isZero();
		}
	}

	private static Duration timeToStop(TestApplication app, String id) {
		long start = System.nanoTime();
		app.container(id).stop();
		return Duration.ofNanos(System.nanoTime() - start);
	}

	static class Failing {

		final AtomicInteger attempts = new AtomicInteger();

		@LiftbridgeListener(id = "failing", streams = "${in}")
		void on(String text) {
			this.attempts.incrementAndGet();
			throw new IllegalStateException("always");
		}

	}

	static class RestartsItself {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		volatile ListenerContainer container;

		@LiftbridgeListener(id = "restarts", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("a")) {
				this.container.stop();
				this.container.start();
			}
		}

	}

	static class Slow {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch proceed = new CountDownLatch(1);

		volatile boolean interrupted;

		@LiftbridgeListener(id = "slow", streams = "${in}")
		void on(String text) throws InterruptedException {
			this.entered.countDown();
			try {
				this.proceed.await();
				this.texts.add(text);
			}
			catch (InterruptedException ex) {
				this.interrupted = true;
				throw ex;
			}
		}

	}

	static class FailingOrSlow {

		final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch never = new CountDownLatch(1);

		@LiftbridgeListener(id = "mixed", streams = "${in}")
		void on(String text) throws InterruptedException {
			if (text.equals("bad")) {
				throw new IllegalStateException("always");
			}
			this.entered.countDown();
			this.never.await();
		}

	}

	static class StopsItself {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		volatile ListenerContainer container;

		volatile Duration took = Duration.ofDays(1);

		@LiftbridgeListener(id = "itself", streams = "${in}")
		void on(String text) {
			while (this.container == null) {
				Thread.onSpinWait();
			}
			this.texts.add(text);
			long start = System.nanoTime();
			this.container.stop();
			this.took = Duration.ofNanos(System.nanoTime() - start);
		}

	}

	static class Later {

		final Queue<CompletableFuture<Void>> results = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "later", streams = "${in}")
		CompletableFuture<Void> on(String text) {
			CompletableFuture<Void> result = new CompletableFuture<>();
			this.results.add(result);
			return result;
		}

	}

	static class Events {

		final Queue<String> seen = new ConcurrentLinkedQueue<>();

		@EventListener
		void on(ListenerContainerEvent event) {
			this.seen.add(event.getClass().getSimpleName());
		}

	}

}
