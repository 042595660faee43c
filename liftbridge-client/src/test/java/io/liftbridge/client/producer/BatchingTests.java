package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** When messages are collected and when they go on their way. */
class BatchingTests extends HeldAnswersTest {

	/** Long enough to notice that something happens that must not. */
	private static final Duration SHORT = Duration.ofMillis(150);

	private static Message message(int number) {
		return Message.of("k", "m" + number);
	}

	private static List<String> values(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private ProducerBuilder producer() {
		// The first pipe carries one message at a time until that one is answered.
		this.client.streams().list();
		return this.client.producer("orders");
	}

	/** Its pipe is open and takes any number of messages. */
	private Producer warm(ProducerBuilder builder) {
		Producer producer = builder.build();
		get(producer.sendBatch(List.of(Message.of("k", "warm"))).get(0));
		holdAnswers();
		return producer;
	}

	private List<CompletableFuture<Ack>> send(Producer producer, int from, int to) {
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = from; i < to; i++) {
			futures.add(producer.send(message(i)));
		}
		return futures;
	}

	private void holdsNoMoreThan(int count) {
		await().during(SHORT).atMost(LONG).until(() -> held() == count);
	}

	private List<String> stored() {
		return this.orders.values().stream().filter((value) -> !value.equals("warm")).toList();
	}

	private Thread blocked(Runnable action) {
		Thread thread = new Thread(action);
		thread.start();
		await().atMost(LONG).until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		return thread;
	}

	@Test
	void adaptiveSendsAtOnceWhereNothingIsOnItsWayAndCollectsWhereSomethingIs() {
		Producer producer = warm(producer().batch(BatchSize.adaptive()));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 1);
		awaitHeld(1);
		futures.addAll(send(producer, 1, 6));
		holdsNoMoreThan(1);
		answer(1);
		awaitHeld(5);
		futures.addAll(send(producer, 6, 8));
		// Not before the last of the batch is answered.
		answer(4);
		holdsNoMoreThan(1);
		answer(1);
		awaitHeld(2);
		answerAll();
		getAll(futures);
		assertThat(stored()).isEqualTo(values(8));
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void adaptiveCollectsForEachPartitionByItself() {
		this.cluster.stream("wide", 2);
		this.client.streams().list();
		Producer producer = this.client.producer("wide").batch(BatchSize.adaptive()).build();
		holdAnswers();
		CompletableFuture<Ack> first = producer.send(Message.builder().value("a").partition(0).build());
		awaitHeld(1);
		CompletableFuture<Ack> other = producer.send(Message.builder().value("b").partition(1).build());
		awaitHeld(2);
		answerAll();
		getAll(List.of(first, other));
	}

	@Test
	void adaptiveSendsWhatIsFullAlthoughSomethingIsOnItsWay() {
		Producer producer = warm(producer().batch(BatchSize.adaptive()).maxBatchBytes(1000).maxBatches(2));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 1);
		awaitHeld(1);
		for (int i = 0; i < 12; i++) {
			futures.add(producer.send(Message.of("k", "v".repeat(50))));
		}
		// Eight messages with what the server adds are just below the bound.
		awaitHeld(9);
		holdsNoMoreThan(9);
		answerAll();
		getAll(futures);
	}

	@Test
	void atTheBoundsSendBlocksTrySendSaysNoAndSendAsyncReturns() throws InterruptedException {
		Producer producer = warm(producer().batch(BatchSize.fixed(2)).maxBatches(2));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 6);
		awaitHeld(4);
		AtomicReference<CompletableFuture<Ack>> last = new AtomicReference<>();
		assertThat(producer.trySend(message(99))).isEmpty();
		futures.add(producer.sendAsync(message(6)));
		futures.add(producer.sendAsync(message(7)));
		assertThat(producer.trySend(message(99))).isEmpty();
		Thread sender = blocked(() -> last.set(producer.send(message(8))));
		holdsNoMoreThan(4);
		assertThat(producer.inFlight()).as("and the one that waits").isEqualTo(9);
		answer(2);
		awaitHeld(4);
		holdsNoMoreThan(4);
		assertThat(sender.isAlive()).isTrue();
		answer(2);
		sender.join(LONG.toMillis());
		answerAll();
		producer.flush();
		futures.add(last.get());
		getAll(futures);
		assertThat(stored()).isEqualTo(values(9));
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void blocksNoLongerThanTheEnqueueTimeout() {
		Producer producer = warm(
				producer().batch(BatchSize.fixed(1)).maxBatches(1).enqueueTimeout(Duration.ofSeconds(1)));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 2);
		assertThatExceptionOfType(EnqueueTimeoutException.class).isThrownBy(() -> producer.send(message(2)))
			.withMessageContaining("'orders' partition 0")
			.withMessageContaining("liftbridge.producer.max-batches")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThat(producer.inFlight()).isEqualTo(2);
		answerAll();
		getAll(futures);
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void fixedWaitsUntilItIsFull() {
		Producer producer = warm(producer().batch(BatchSize.fixed(3)));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 2);
		holdsNoMoreThan(0);
		futures.addAll(send(producer, 2, 4));
		awaitHeld(3);
		holdsNoMoreThan(3);
		answerAll();
		assertThat(futures.get(3).isDone()).isFalse();
		producer.flush();
		assertThat(futures).allMatch(CompletableFuture::isDone);
		assertThat(stored()).isEqualTo(values(4));
	}

	@Test
	void fixedGoesWithFlushAndFlushAsync() {
		Producer producer = warm(producer().batch(BatchSize.fixed(100)));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 3);
		assertThat(producer.flush(Duration.ofMillis(10))).isFalse();
		awaitHeld(3);
		futures.addAll(send(producer, 3, 5));
		CompletableFuture<Void> flushed = producer.flushAsync();
		awaitHeld(5);
		assertThat(flushed).isNotDone();
		answerAll();
		get(flushed);
		assertThat(futures).allMatch(CompletableFuture::isDone);
	}

	@Test
	void fixedGoesAfterLingeringFromItsFirstMessageOn() {
		Producer producer = warm(producer().batch(BatchSize.fixed(100)).linger(Duration.ofMillis(400)));
		long start = System.nanoTime();
		List<CompletableFuture<Ack>> futures = send(producer, 0, 3);
		awaitHeld(3);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(390));
		futures.addAll(send(producer, 3, 4));
		awaitHeld(4);
		answerAll();
		getAll(futures);
	}

	@Test
	void fixedGoesWhenSomebodyWaitsForOneOfItsFutures() {
		Producer producer = warm(producer().batch(BatchSize.fixed(100)));
		answerAll();
		assertThat(get(producer.send(message(0))).offset()).isEqualTo(1);
		assertThat(producer.send(message(1)).join().offset()).isEqualTo(2);
		assertThat(producer.send(message(2)).thenApply(Ack::offset).thenApply((offset) -> offset + 1).join())
			.isEqualTo(4);
		assertThat(producer.sendAndWait(message(3), LONG).offset()).isEqualTo(4);
		assertThat(getAll(producer.sendBatch(List.of(message(4), message(5))))).hasSize(2);
		assertThat(stored()).isEqualTo(values(6));
	}

	@Test
	void fixedGoesWhenSomebodyWaitsForAStageMadeBeforeItWasCollected() {
		this.broker.hang("FetchMetadata");
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(100)).build();
		CompletableFuture<Long> offset = producer.sendAsync(message(0)).thenApply(Ack::offset);
		this.broker.behave("FetchMetadata");
		assertThat(get(offset)).isZero();
	}

	@Test
	void sendsAListAtOnceAlthoughItFillsNoBatch() {
		Producer producer = warm(producer().batch(BatchSize.fixed(100)));
		producer.sendBatch(List.of(message(0), message(1)));
		awaitHeld(2);
	}

	@Test
	void fixedGoesWhenASenderHasToWaitForRoom() {
		this.cluster.stream("wide", 3);
		this.client.streams().list();
		Producer producer = this.client.producer("wide").batch(BatchSize.fixed(4)).maxInFlight(4).build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		// No batch gets full, but there is no room either.
		for (int i = 0; i < 30; i++) {
			futures.add(producer.send(Message.builder().value("m" + i).partition(i % 3).build()));
		}
		for (int i = 0; i < 30; i++) {
			futures.add(producer.sendAsync(Message.builder().value("m" + i).partition(i % 3).build()));
		}
		for (int sent = 0; sent < 30;) {
			var accepted = producer.trySend(Message.builder().value("m" + sent).partition(sent % 3).build());
			if (accepted.isPresent()) {
				futures.add(accepted.get());
				sent++;
			}
			else {
				Thread.onSpinWait();
			}
		}
		assertThat(producer.flush(LONG)).isTrue();
		assertThat(futures).hasSize(90).allMatch((future) -> future.isDone() && !future.isCompletedExceptionally());
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void closeSendsWhatIsCollected() {
		Producer producer = producer().batch(BatchSize.fixed(100)).build();
		List<CompletableFuture<Ack>> futures = send(producer, 0, 7);
		producer.close(LONG);
		getAll(futures);
		assertThat(stored()).isEqualTo(values(7));
	}

	@Test
	void closeFailsWhatIsNotAnsweredInTime() {
		Producer producer = warm(producer().batch(BatchSize.fixed(2)).maxBatches(1));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 4);
		awaitHeld(2);
		futures.add(producer.sendAsync(message(4)));
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread sender = blocked(() -> {
			try {
				producer.send(message(5));
			}
			catch (LiftbridgeException ex) {
				failure.set(ex);
			}
		});
		producer.close(Duration.ofMillis(100));
		await().atMost(LONG).until(() -> !sender.isAlive());
		assertThat(failure.get()).isInstanceOf(ClientClosedException.class);
		for (int i = 0; i < 5; i++) {
			LiftbridgeException why = failure(futures.get(i));
			assertThat(why).isInstanceOf(ClientClosedException.class);
			assertThat(why.outcome()).isEqualTo((i < 2) ? Outcome.INDETERMINATE : Outcome.NOT_SENT);
		}
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void closeFailsWhatIsCollectedAlthoughTheExecutorNeverRunsAnything() {
		Producer producer = producer().batch(BatchSize.adaptive()).executor((task) -> {
		}).build();
		CompletableFuture<Ack> future = producer.send(message(0));
		producer.close(Duration.ofMillis(100));
		assertThat(failure(future)).isInstanceOf(ClientClosedException.class);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void worksWithAnExecutorThatRunsTasksAtOnce() {
		Producer producer = producer().batch(BatchSize.fixed(1)).maxBatches(1000).executor(Runnable::run).build();
		List<CompletableFuture<Ack>> futures = send(producer, 0, 2000);
		getAll(futures);
		assertThat(stored()).isEqualTo(values(2000));
	}

	@Test
	void aBatchIsFullWithSoManyBytes() {
		Producer producer = warm(producer().batch(BatchSize.fixed(1000)).maxBatchBytes(1000).maxBatches(3));
		producer.send(Message.of("k", "v".repeat(400)));
		producer.send(Message.of("k", "v".repeat(300)));
		holdsNoMoreThan(0);
		producer.send(Message.of("k", "v".repeat(400)));
		awaitHeld(2);
		holdsNoMoreThan(2);
		producer.send(Message.of("k", "v".repeat(5000)));
		awaitHeld(4);
	}

	@Test
	void aCallbackMaySendAlthoughNothingFits() {
		Producer producer = warm(producer().batch(BatchSize.fixed(1)).maxBatches(1).maxInFlight(2));
		CompletableFuture<CompletableFuture<Ack>> inner = producer.send(message(0))
			.thenApply((ack) -> producer.send(message(2)));
		producer.send(message(1));
		answer(1);
		CompletableFuture<Ack> last = get(inner);
		answerAll();
		assertThat(get(last).offset()).isEqualTo(3);
		assertThat(stored()).isEqualTo(values(3));
	}

	@Test
	void failsMessagesThatWaitedTooLongForThoseBeforeThem() {
		Producer producer = warm(producer().batch(BatchSize.fixed(1)).maxBatches(1).ackTimeout(Duration.ofSeconds(2)));
		List<CompletableFuture<Ack>> futures = send(producer, 0, 1);
		awaitHeld(1);
		for (int i = 1; i < 20; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		futures.forEach((future) -> assertThat(failure(future)).hasMessageContaining("within 2 s"));
		List<String> sent = new ArrayList<>();
		List<String> kept = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			((failure(futures.get(i)).outcome() == Outcome.NOT_SENT) ? kept : sent).add("m" + i);
		}
		assertThat(kept).isNotEmpty();
		await().atMost(LONG).until(() -> this.broker.publishCalls().get(0).values().containsAll(sent));
		assertThat(this.broker.publishCalls().get(0).values()).doesNotContainAnyElementsOf(kept);
		await().until(() -> producer.inFlight() == 0);
	}

	/** The time to answer does not run as long as a batch waits for more messages. */
	@Test
	void waitingForABatchToGetFullTakesNothingOfTheAckTimeout() {
		for (ProducerBuilder builder : List.of(producer(), producer().batchEntries(10))) {
			Duration timeout = Duration.ofSeconds(3);
			Producer producer = warm(builder.batch(BatchSize.fixed(4)).ackTimeout(timeout));
			List<CompletableFuture<Ack>> flushed = send(producer, 0, 3);
			await().pollDelay(timeout.plus(SHORT)).atMost(LONG).until(() -> held() == 0);
			assertThat(producer.flush(Duration.ofMillis(10))).isFalse();
			awaitHeld(1);
			await().during(SHORT.multipliedBy(3)).atMost(LONG).until(() -> flushed.stream().noneMatch(Future::isDone));
			answerAll();
			assertThat(getAll(flushed)).hasSize(3);
			List<CompletableFuture<Ack>> filled = send(producer, 0, 3);
			List<CompletableFuture<Ack>> closed = new ArrayList<>();
			await().pollDelay(timeout.plus(SHORT)).atMost(LONG).until(() -> filled.stream().noneMatch(Future::isDone));
			filled.addAll(send(producer, 3, 4));
			assertThat(getAll(filled)).hasSize(4);
			closed.addAll(send(producer, 0, 1));
			await().pollDelay(timeout.plus(SHORT)).atMost(LONG).until(() -> closed.stream().noneMatch(Future::isDone));
			producer.close();
			assertThat(getAll(closed)).hasSize(1);
		}
	}

	@Test
	void flushTellsThatItsThreadIsInterrupted() {
		Producer producer = warm(producer());
		send(producer, 0, 1);
		awaitHeld(1);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(producer::flush)
			.withMessageContaining("Interrupted")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.INDETERMINATE));
		assertThat(Thread.interrupted()).isTrue();
		answerAll();
	}

	@Test
	void sendAsyncNamesItsQueueWhenThatIsFull() {
		Producer producer = warm(producer().maxInFlight(1));
		CompletableFuture<Ack> last = new CompletableFuture<>();
		for (int i = 0; i < 1010; i++) {
			last = producer.sendAsync(message(i));
		}
		assertThat(failure(last)).isInstanceOf(EnqueueTimeoutException.class)
			.hasMessageContaining("queue of sendAsync: 1000 messages wait in it")
			.hasMessageContaining("liftbridge.producer.max-in-flight");
		answerAll();
	}

	@Test
	void mayLingerForLongerThanTheAckTimeout() {
		Producer producer = warm(producer().batch(BatchSize.fixed(100))
			.ackTimeout(Duration.ofSeconds(2))
			.linger(Duration.ofMillis(2500)));
		answerAll();
		assertThat(getAll(List.copyOf(send(producer, 0, 3)))).hasSize(3);
		CompletableFuture<Ack> unanswered = producer.send(message(3));
		assertThat(unanswered.thenApply(Ack::offset)).succeedsWithin(LONG);
	}

	@Test
	void theAckTimeoutRunsOnceABatchOfFixedSizeIsReady() {
		Producer producer = warm(producer().batch(BatchSize.fixed(2)).ackTimeout(Duration.ofMillis(1500)));
		send(producer, 0, 2).forEach((future) -> assertThat(failure(future)).hasMessageContaining("within 1.5 s"));
	}

	@Test
	void refusesOptionsThatCannotWork() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> BatchSize.fixed(0))
			.withMessageContaining("fixed(0)");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> producer().maxBatches(0))
			.withMessageContaining("maxBatches is 0");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> producer().maxBatchBytes(-5))
			.withMessageContaining("maxBatchBytes is -5");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> producer().linger(Duration.ZERO))
			.withMessageContaining("linger");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer().linger(Duration.ofSeconds(1)).build())
			.withMessageContaining("linger is 1 s, but batch is none");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer().batch(BatchSize.adaptive()).linger(Duration.ofSeconds(1)).build())
			.withMessageContaining("adaptive");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer().batch(BatchSize.fixed(11)).maxInFlight(10).build())
			.withMessageContaining("fixed(11)")
			.withMessageContaining("maxInFlight is 10");
	}

}
