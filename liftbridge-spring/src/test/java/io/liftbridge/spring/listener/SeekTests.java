package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class SeekTests extends EmbeddedBrokerTest {

	@Test
	void readsOnAtAnOffsetBackwardsAndForwardsAndTheCursorFollows() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, 5);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(4));
			listener.texts.clear();
			app.container("collector").pause();
			app.container("collector").seek(this.stream, 0, SeekTo.offset(2)).join();
			assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(1);
			app.container("collector").resume();
			eventually(() -> assertThat(listener.texts).containsExactly("m2", "m3", "m4"));
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(4));
			listener.texts.clear();
			app.container("collector").seek(SeekTo.relative(-1)).join();
			eventually(() -> assertThat(listener.texts).containsExactly("m4"));
			app.container("collector").seek(SeekTo.offset(7)).join();
			publish(app, 5);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(9));
			assertThat(listener.texts).containsExactly("m4", "m2", "m3", "m4");
		}
	}

	@Test
	void readsOnAtATimeOrAnEnd() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, 4);
			eventually(() -> assertThat(listener.texts).hasSize(4));
			Instant third = app.messages(this.stream, 0).get(2).timestamp();
			listener.texts.clear();
			app.container("collector").seek(SeekTo.time(third)).join();
			eventually(() -> assertThat(listener.texts).containsExactly("m2", "m3"));
			listener.texts.clear();
			app.container("collector").seek(SeekTo.earliest()).join();
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m2", "m3"));
			listener.texts.clear();
			app.container("collector").seek(SeekTo.latest()).join();
			eventually(() -> assertThat(listener.texts).containsExactly("m3"));
			listener.texts.clear();
			app.container("collector").seek(SeekTo.newOnly()).join();
			app.template().send(this.stream, "new").join();
			eventually(() -> assertThat(listener.texts).containsExactly("new"));
		}
	}

	@Test
	void aSeekOutlastsAStopBeforeTheNextMessage() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, 3);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(2));
			listener.texts.clear();
			app.container("collector").pause();
			app.container("collector").seek(SeekTo.earliest()).join();
			app.container("collector").stop();
			app.container("collector").resume();
			app.container("collector").start();
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m2"));
		}
	}

	@Test
	void aSeekBeyondTheEndOutlastsAStopBeforeThereIsThatOffset() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, 3);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(2));
			listener.texts.clear();
			app.container("collector").seek(SeekTo.relative(2)).join();
			app.container("collector").stop();
			app.container("collector").start();
			app.awaitRunning("collector");
			publish(app, 4);
			eventually(() -> assertThat(listener.texts).containsExactly("m2", "m3"));
		}
	}

	@Test
	void theListenerItselfMaySeekAndTheRestOfWhatWasFetchedIsNotDelivered() {
		stream(1);
		Jumping listener = new Jumping(this.stream);
		try (TestApplication app = application().listener(listener).start()) {
			listener.container = app.container("jumping");
			publish(app, 6);
			app.container("jumping").start();
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m4", "m5"));
			assertThat(listener.done).succeedsWithin(Duration.ofSeconds(10));
			eventually(() -> assertThat(app.cursor("jumping", this.stream, 0)).isEqualTo(5));
		}
	}

	@Test
	void aSeekEndsABackOff() {
		stream(1);
		Queue<String> texts = new ConcurrentLinkedQueue<>();
		try (TestApplication app = application().listener(new Failing(texts))
			.factory((factory) -> factory
				.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(600_000, 3), new LoggingRecoverer())))
			.start()) {
			publish(app, 2);
			eventually(() -> assertThat(app.status("failing", 0).state()).isEqualTo(PartitionState.RETRYING));
			app.container("failing").seek(this.stream, 0, SeekTo.relative(1));
			eventually(() -> assertThat(texts).containsExactly("m0", "m1"));
		}
	}

	@Test
	void takesEffectOnlyWhenTheListenerHasReturned() throws Exception {
		stream(1);
		Slow listener = new Slow();
		try (TestApplication app = application().listener(listener).start()) {
			publish(app, 2);
			assertThat(listener.entered.await(20, TimeUnit.SECONDS)).isTrue();
			CompletableFuture<Void> done = app.container("slow").seek(SeekTo.earliest());
			assertThat(done).isNotDone();
			listener.proceed.countDown();
			assertThat(done).succeedsWithin(Duration.ofSeconds(20));
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m0", "m1"));
		}
	}

	/** Nobody waits for the next look whether it is writable again. */
	@Test
	void takesEffectAtOnceInAPartitionThatIsReadToItsEnd() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory.getContainerProperties().setMaxRecoveryPause(Duration.ofHours(1)))
			.start()) {
			publish(app, 2);
			app.client().streams().setReadonly(this.stream, true);
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.ENDED));
			listener.texts.clear();
			assertThat(app.container("collector").seek(SeekTo.earliest())).succeedsWithin(Duration.ofSeconds(20));
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1"));
			eventually(() -> assertThat(app.status("collector", 0).state()).isEqualTo(PartitionState.ENDED));
		}
	}

	@Test
	void refusesWhereNothingIsRead() {
		stream(1);
		try (TestApplication app = application().listener(new Collector()).start()) {
			app.awaitRunning("collector");
			assertThat(app.container("collector").seek(this.stream, 7, SeekTo.earliest()))
				.failsWithin(Duration.ofSeconds(5))
				.withThrowableOfType(ExecutionException.class)
				.withMessageContainingAll("'collector'", this.stream, "7");
			app.container("collector").stop();
			assertThat(app.container("collector").seek(this.stream, 0, SeekTo.earliest()))
				.failsWithin(Duration.ofSeconds(5))
				.withThrowableOfType(ExecutionException.class)
				.withMessageContaining("STOPPED");
		}
	}

	private void publish(TestApplication app, int messages) {
		for (int i = 0; i < messages; i++) {
			app.template().send(this.stream, "m" + i).join();
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class Jumping {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final String stream;

		volatile ListenerContainer container;

		volatile CompletableFuture<Void> done = new CompletableFuture<>();

		Jumping(String stream) {
			this.stream = stream;
		}

		@LiftbridgeListener(id = "jumping", streams = "${in}", autoStartup = "false")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("m1")) {
				this.done = this.container.seek(this.stream, 0, SeekTo.offset(4));
			}
		}

	}

	static class Failing {

		final Queue<String> texts;

		Failing(Queue<String> texts) {
			this.texts = texts;
		}

		@LiftbridgeListener(id = "failing", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("m0")) {
				throw new IllegalStateException("no database");
			}
		}

	}

	static class Slow {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final CountDownLatch entered = new CountDownLatch(1);

		final CountDownLatch proceed = new CountDownLatch(1);

		@LiftbridgeListener(id = "slow", streams = "${in}")
		void on(String text) throws InterruptedException {
			this.texts.add(text);
			this.entered.countDown();
			this.proceed.await(20, TimeUnit.SECONDS);
		}

	}

}
