package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import io.liftbridge.spring.support.SeekTo;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Pauses between messages that were fetched together, and what a listener may ask for by
 * itself.
 */
class ListenerControlTests extends EmbeddedBrokerTest {

	private static final Duration QUIET = Duration.ofMillis(400);

	@Test
	void aListenerPausesItsPartitionBetweenTwoMessagesAndSomebodyElseResumesIt() {
		stream(1);
		Single listener = new Single((text, context) -> {
			if (text.equals("m2")) {
				context.pausePartition();
			}
		});
		try (TestApplication app = start(listener, 6)) {
			eventually(() -> assertThat(app.cursor("single", this.stream, 0)).isEqualTo(2));
			staysAt(listener, 3);
			assertThat(app.status("single", 0).state()).isEqualTo(PartitionState.PAUSED);
			assertThat(app.status("single", 0).position()).isEqualTo(2);
			assertThat(app.container("single").isPaused()).isFalse();
			assertThat(listener.context.isPaused()).isTrue();
			assertNoThreadWaits("single");
			publish(app, 6, 8);
			listener.context.resumePartition();
			assertThat(listener.context.isPaused()).isFalse();
			eventually(() -> assertThat(app.cursor("single", this.stream, 0)).isEqualTo(7));
			assertThat(listener.texts).containsExactly(texts(0, 8));
		}
	}

	@Test
	void aListenerPausesAllOfItsPartitions() {
		stream(2);
		Single listener = new Single((text, context) -> {
			if (text.equals("m1")) {
				context.pause();
			}
		});
		try (TestApplication app = start(listener, 4)) {
			staysAt(listener, 2);
			publish(app, 1, "elsewhere");
			staysAt(listener, 2);
			assertThat(app.container("single").isPaused()).isTrue();
			assertNoThreadWaits("single");
			listener.context.resume();
			eventually(() -> assertThat(listener.texts).containsExactlyInAnyOrder("m0", "m1", "m2", "m3", "elsewhere"));
		}
	}

	@Test
	void aPausedPartitionTakesNoneOfTheOthersThreads() {
		stream(2);
		Single listener = new Single((text, context) -> {
			if (text.equals("m0")) {
				context.pausePartition();
			}
		});
		try (TestApplication app = start(listener, 3)) {
			staysAt(listener, 1);
			publish(app, 1, "elsewhere");
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "elsewhere"));
			app.container("single").resume(this.stream, 0);
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "elsewhere", "m1", "m2"));
		}
	}

	@Test
	void whatAPauseHasLeftIsDeliveredOnceAfterAStop() {
		stream(1);
		Single listener = new Single((text, context) -> {
			if (text.equals("m1")) {
				context.pausePartition();
			}
		});
		try (TestApplication app = start(listener, 5)) {
			staysAt(listener, 2);
			app.container("single").stop();
			assertThat(app.container("single").state()).isEqualTo(ContainerState.STOPPED);
			assertThat(app.cursor("single", this.stream, 0)).isEqualTo(1);
			app.container("single").start();
			eventually(() -> assertThat(app.status("single", 0).state()).isEqualTo(PartitionState.PAUSED));
			app.container("single").resume(this.stream, 0);
			eventually(() -> assertThat(app.cursor("single", this.stream, 0)).isEqualTo(4));
			assertThat(listener.texts).containsExactly(texts(0, 5));
		}
	}

	@Test
	void aSeekDuringAPauseDropsWhatWasLeft() {
		stream(1);
		AtomicBoolean pause = new AtomicBoolean(true);
		Single listener = new Single((text, context) -> {
			if (text.equals("m1") && pause.getAndSet(false)) {
				context.pausePartition();
			}
		});
		try (TestApplication app = start(listener, 5)) {
			staysAt(listener, 2);
			app.container("single").seek(this.stream, 0, SeekTo.offset(4)).join();
			staysAt(listener, 2);
			app.container("single").resume(this.stream, 0);
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m4"));
			app.container("single").seek(this.stream, 0, SeekTo.earliest()).join();
			eventually(
					() -> assertThat(listener.texts).containsExactly("m0", "m1", "m4", "m0", "m1", "m2", "m3", "m4"));
		}
	}

	@Test
	void aListenerGoesOnElsewhere() {
		stream(1);
		Single listener = new Single((text, context) -> {
			if (text.equals("m1") && context.attempt() == 1) {
				context.seek(SeekTo.relative(2));
			}
		});
		try (TestApplication app = start(listener, 6)) {
			eventually(() -> assertThat(app.cursor("single", this.stream, 0)).isEqualTo(5));
			assertThat(listener.texts).containsExactly("m0", "m1", "m4", "m5");
		}
	}

	@Test
	void aMessageThatFailedIsNotTriedAgainDuringAPauseAndItsAttemptsCountOn() {
		stream(1);
		Queue<Integer> attempts = new ConcurrentLinkedQueue<>();
		Single listener = new Single((text, context) -> {
			if (text.equals("m1")) {
				attempts.add(context.attempt());
				if (context.attempt() < 3) {
					context.pausePartition();
					throw new IllegalStateException("not yet");
				}
			}
		});
		try (TestApplication app = start(listener, 3)) {
			for (int attempt = 1; attempt < 3; attempt++) {
				staysAt(listener, attempt + 1);
				eventually(() -> assertThat(app.status("single", 0).state()).isEqualTo(PartitionState.PAUSED));
				assertNoThreadWaits("single");
				app.container("single").resume(this.stream, 0);
			}
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m1", "m1", "m2"));
			assertThat(attempts).containsExactly(1, 2, 3);
			eventually(() -> assertThat(app.cursor("single", this.stream, 0)).isEqualTo(2));
		}
	}

	@Test
	void whatComesAgainOverARetryStreamWaitsWithItsPartition() throws Exception {
		stream(1);
		Single listener = new Single((text, context) -> {
			if (text.equals("m1") && context.attempt() == 1 && !context.isPaused()) {
				context.pausePartition();
				throw new IllegalStateException("later");
			}
		});
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			DefaultProducerFactory producers = new DefaultProducerFactory(client);
			RetryStream retries = new RetryStream(client, producers, new FixedBackOff(50, 1),
					new DeadLetterPublisher(client, producers));
			try (TestApplication app = start(listener, 3,
					(factory) -> factory.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(0, 0), retries)))) {
				eventually(() -> assertThat(app.messages(this.stream + ".retry", 0)).hasSize(1));
				staysAt(listener, 2);
				listener.action = (text, context) -> {
				};
				app.container("single").resume(this.stream, 0);
				eventually(() -> assertThat(listener.texts).containsExactlyInAnyOrder("m0", "m1", "m1", "m2"));
			}
			finally {
				producers.destroy();
			}
		}
	}

	@Test
	void aBatchIsFinishedAndTheNextOneWaits() {
		stream(1);
		Lists listener = new Lists((batch, context) -> {
			if (batch.contains("m1")) {
				context.pausePartition();
			}
		});
		try (TestApplication app = start(listener, 6)) {
			eventually(() -> assertThat(listener.batches).isNotEmpty());
			await().during(QUIET).atMost(Duration.ofSeconds(10)).until(() -> listener.batches.size() == 1);
			listener.context.resumePartition();
			eventually(() -> assertThat(listener.batches.stream().flatMap(List::stream)).containsExactly(texts(0, 6)));
		}
	}

	@Test
	void theRestOfABatchThatFailedWaitsAndComesOnce() {
		stream(1);
		Lists listener = new Lists((batch, context) -> {
			if (context.attempt() == 1 && batch.contains("m0")) {
				context.pausePartition();
				throw new IllegalStateException("not yet");
			}
		});
		try (TestApplication app = start(listener, 6)) {
			eventually(() -> assertThat(app.status("lists", 0).state()).isEqualTo(PartitionState.PAUSED));
			await().during(QUIET).atMost(Duration.ofSeconds(10)).until(() -> listener.batches.size() == 1);
			assertNoThreadWaits("lists");
			listener.context.resumePartition();
			eventually(() -> assertThat(app.cursor("lists", this.stream, 0)).isEqualTo(5));
			List<String> again = listener.batches.stream().skip(1).flatMap(List::stream).toList();
			assertThat(again).containsExactly(texts(0, 6));
		}
	}

	@Test
	void whatIsAcknowledgedByHandMovesOnAfterAPauseThatCameBetweenAttempts() {
		stream(1);
		Manual listener = new Manual();
		try (TestApplication app = start(listener, 4)) {
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1"));
			await().during(QUIET).atMost(Duration.ofSeconds(10)).until(() -> listener.texts.size() == 2);
			assertThat(app.cursor("manual", this.stream, 0)).isZero();
			listener.context.resumePartition();
			eventually(() -> assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(3));
			assertThat(listener.texts).containsExactly("m0", "m1", "m1", "m2", "m3");
		}
	}

	@Test
	void whatAPausedMemberHoldsGoesToWhoeverGetsThePartition() {
		stream(2);
		Grouped first = new Grouped(true);
		Grouped second = new Grouped(false);
		try (TestApplication app = start(first, 5)) {
			for (int i = 0; i < 5; i++) {
				publish(app, 1, "n" + i);
			}
			await().atMost(Duration.ofSeconds(20))
				.until(() -> first.texts.contains("m1") || first.texts.contains("n1"));
			eventually(() -> assertThat(app.container("grouped").partitions())
				.allSatisfy((status) -> assertThat(status.state()).isEqualTo(PartitionState.PAUSED)));
			eventually(() -> assertThat(app.container("grouped").partitions())
				.allSatisfy((status) -> assertThat(status.stored()).isEqualTo(status.position())));
			int before = first.texts.size();
			try (TestApplication other = start(second, 0)) {
				eventually(() -> assertThat(other.container("grouped").partitions()).hasSize(1)
					.allSatisfy((status) -> assertThat(status.stored()).isEqualTo(4)));
				assertThat(first.texts).hasSize(before);
				app.container("grouped").resume();
				eventually(() -> assertThat(first.texts.size() + second.texts.size()).isGreaterThanOrEqualTo(10));
				assertThat(Stream.concat(first.texts.stream(), second.texts.stream())).containsExactlyInAnyOrder("m0",
						"m1", "m2", "m3", "m4", "n0", "n1", "n2", "n3", "n4");
			}
		}
	}

	@Test
	void pausesAndResumesAtRandomSkipAndDoubleNothing() {
		stream(2);
		Single listener = new Single((text, context) -> {
		});
		try (TestApplication app = start(listener, 0)) {
			ListenerContainer container = app.container("single");
			for (int i = 0; i < 500; i++) {
				int partition = i % 2;
				container.pause();
				app.template().newMessage(Integer.toString(i)).stream(this.stream).partition(partition).send();
				container.pause(this.stream, partition);
				container.resume();
				container.resume(this.stream, partition);
			}
			eventually(() -> assertThat(listener.texts).hasSizeGreaterThanOrEqualTo(500));
			eventually(() -> assertThat(app.cursor("single", this.stream, 1)).isEqualTo(249));
			for (int partition = 0; partition < 2; partition++) {
				int odd = partition;
				assertThat(listener.texts.stream().map(Integer::valueOf).filter((number) -> number % 2 == odd))
					.containsExactlyElementsOf(
							IntStream.range(0, 500).filter((number) -> number % 2 == odd).boxed().toList());
			}
		}
	}

	private TestApplication start(Object listener, int messages) {
		return start(listener, messages, (factory) -> factory
			.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(20, 5), new LoggingRecoverer())));
	}

	private TestApplication start(Object listener, int messages,
			Consumer<LiftbridgeListenerContainerFactory> customizer) {
		TestApplication app = application().listener(listener).factory(customizer).start();
		publish(app, 0, messages);
		app.registry().containers().forEach(ListenerContainer::start);
		return app;
	}

	private void publish(TestApplication app, int from, int to) {
		for (int i = from; i < to; i++) {
			publish(app, 0, "m" + i);
		}
	}

	private void publish(TestApplication app, int partition, String text) {
		app.template().newMessage(text).stream(this.stream).partition(partition).send().join();
	}

	private static String[] texts(int from, int to) {
		return IntStream.range(from, to).mapToObj((number) -> "m" + number).toArray(String[]::new);
	}

	private static void staysAt(Single listener, int count) {
		await().atMost(Duration.ofSeconds(20)).until(() -> listener.texts.size() >= count);
		await().during(QUIET).atMost(Duration.ofSeconds(10)).until(() -> listener.texts.size() == count);
	}

	/** Threads may wait for work, but not in the middle of it. */
	private static void assertNoThreadWaits(String id) {
		eventually(() -> {
			Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
			assertThat(threads.entrySet()).filteredOn((thread) -> thread.getKey().getName().startsWith(id + "-"))
				.flatExtracting((thread) -> Arrays.asList(thread.getValue()))
				.extracting(StackTraceElement::getClassName)
				.noneMatch((name) -> name.startsWith("io.liftbridge.spring"));
		});
	}

	static class Single {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		volatile BiConsumer<String, ListenerContext> action;

		volatile ListenerContext context;

		Single(BiConsumer<String, ListenerContext> action) {
			this.action = action;
		}

		@LiftbridgeListener(id = "single", streams = "${in}", autoStartup = "false")
		void on(String text, ListenerContext context) {
			this.context = context;
			this.texts.add(text);
			this.action.accept(text, context);
		}

	}

	static class Lists {

		final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();

		final BiConsumer<List<String>, ListenerContext> action;

		volatile ListenerContext context;

		Lists(BiConsumer<List<String>, ListenerContext> action) {
			this.action = action;
		}

		@LiftbridgeListener(id = "lists", streams = "${in}", autoStartup = "false", batch = "true", batchSize = "3")
		void on(List<String> batch, ListenerContext context) {
			this.context = context;
			this.batches.add(List.copyOf(batch));
			this.action.accept(batch, context);
		}

	}

	static class Grouped {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final AtomicBoolean pauses;

		Grouped(boolean pauses) {
			this.pauses = new AtomicBoolean(pauses);
		}

		@LiftbridgeListener(id = "grouped", streams = "${in}", group = "${in}", concurrency = "2",
				autoStartup = "false")
		void on(String text, ListenerContext context) {
			this.texts.add(text);
			if ((text.equals("m1") || text.equals("n1")) && this.pauses.getAndSet(false)) {
				context.pause();
			}
		}

	}

	static class Manual {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		volatile ListenerContext context;

		@LiftbridgeListener(id = "manual", streams = "${in}", autoStartup = "false", ackMode = "MANUAL")
		void on(String text, ListenerContext context, Acknowledgment acknowledgment) {
			this.context = context;
			this.texts.add(text);
			if (text.equals("m1") && context.attempt() == 1) {
				context.pausePartition();
				throw new IllegalStateException("not yet");
			}
			acknowledgment.acknowledge();
		}

	}

}
