package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Ways to send that do not wait, or send several. */
class ProducerAsyncTests extends HeldAnswersTest {

	private static Message message(int number) {
		return Message.of("k", "m" + number);
	}

	private static List<String> values(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	@Test
	void sendAsyncDoesNotWaitForTheNumberOfPartitions() {
		this.broker.hang("FetchMetadata");
		Producer producer = this.client.producer("orders").build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		assertThat(futures).noneMatch(CompletableFuture::isDone);
		this.broker.behave("FetchMetadata");
		assertThat(getAll(futures)).extracting(Ack::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(this.orders.values()).isEqualTo(values(5));
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void sendAsyncSaysThatTheStreamOrThePartitionIsNotThere() {
		assertThat(failure(this.client.producer("nothing").build().sendAsync(message(0))))
			.isInstanceOf(StreamNotFoundException.class);
		Producer producer = this.client.producer("orders").build();
		Message astray = Message.builder().value("v").partition(7).build();
		assertThat(failure(producer.sendAsync(astray))).isInstanceOf(PartitionNotFoundException.class);
		assertThat(get(producer.sendAsync(message(1))).offset()).isZero();
	}

	@Test
	void sendAsyncWaitsForRoomInOrderAndLaterCallsGetBehindIt() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(2).build();
		this.client.streams().list();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		assertThat(producer.inFlight()).isEqualTo(2);
		assertThat(producer.trySend(message(9))).isEmpty();
		AtomicReference<CompletableFuture<Ack>> last = new AtomicReference<>();
		Thread sender = new Thread(() -> last.set(producer.send(message(6))));
		sender.start();
		await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		answerAll();
		sender.join(LONG.toMillis());
		futures.add(last.get());
		getAll(futures);
		assertThat(this.orders.values()).isEqualTo(values(7));
		await().until(() -> producer.inFlight() == 0);
		assertThat(producer.trySend(message(7))).isPresent();
	}

	@Test
	void sendAsyncFailsIfThereIsNoRoomInTimeAndTellsTheListener() {
		holdAnswers();
		List<LiftbridgeException> told = Collections.synchronizedList(new ArrayList<>());
		this.client.streams().list();
		Producer producer = this.client.producer("orders")
			.maxInFlight(1)
			.enqueueTimeout(Duration.ofSeconds(1))
			.listener(new ProducerListener() {
				@Override
				public void onFailure(Message message, LiftbridgeException failure) {
					told.add(failure);
				}
			})
			.build();
		CompletableFuture<Ack> first = producer.sendAsync(message(0));
		awaitHeld(1);
		LiftbridgeException failure = failure(producer.sendAsync(message(1)));
		assertThat(failure).isInstanceOf(EnqueueTimeoutException.class)
			.hasMessageContaining("'orders'")
			.hasMessageContaining("liftbridge.producer.max-in-flight");
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
		await().until(() -> told.contains(failure));
		answerAll();
		get(first);
		assertThat(get(producer.sendAsync(message(2))).offset()).isEqualTo(1);
	}

	@Test
	void sendAsyncKeepsOnlySoManyWaiting() {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		this.client.streams().list();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 1001; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		assertThat(futures).noneMatch(CompletableFuture::isCompletedExceptionally);
		assertThat(failure(producer.sendAsync(message(0)))).isInstanceOf(EnqueueTimeoutException.class);
		answerAll();
		getAll(futures);
		assertThat(this.orders.values()).isEqualTo(values(1001));
	}

	@Test
	void sendDoesNotOvertakeAlthoughThereIsNoRoomForWaiting() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		this.client.streams().list();
		for (int i = 0; i < 1001; i++) {
			producer.sendAsync(message(i));
		}
		Thread sender = new Thread(() -> producer.send(message(1001)));
		sender.start();
		await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		answerAll();
		sender.join(LONG.toMillis());
		assertThat(producer.flush(LONG)).isTrue();
		assertThat(this.orders.values()).isEqualTo(values(1002));
	}

	@Test
	void sendAsyncReportsWhatIsWrongThroughItsFuture() {
		Producer producer = this.client.producer("orders").partitioner((message, count) -> 5).build();
		assertThat(failure(producer.sendAsync(Message.of(new byte[2 << 20]))))
			.isInstanceOf(MessageTooLargeException.class);
		assertThat(failure(producer.sendAsync(message(0)))).isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("partition 5");
		producer.close();
		assertThat(failure(producer.sendAsync(message(0)))).isInstanceOf(ClientClosedException.class);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void flushAndCloseWaitForWhatWaitsForRoom() {
		Producer producer = this.client.producer("orders").maxInFlight(3).build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		assertThat(producer.flush(LONG)).isTrue();
		assertThat(futures).allMatch(CompletableFuture::isDone);
		for (int i = 50; i < 100; i++) {
			futures.add(producer.sendAsync(message(i)));
		}
		producer.close(LONG);
		getAll(futures);
		assertThat(this.orders.values()).isEqualTo(values(100));
	}

	@Test
	void closeFailsWhatWaitsForRoom() {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		CompletableFuture<Ack> sent = producer.sendAsync(message(0));
		awaitHeld(1);
		CompletableFuture<Ack> waiting = producer.sendAsync(message(1));
		producer.close(Duration.ofMillis(100));
		assertThat(failure(sent).outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(failure(waiting)).isInstanceOf(ClientClosedException.class);
		assertThat(failure(waiting).outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void closeFailsWhatWaitsAlthoughTheExecutorNeverRunsAnything() {
		Producer producer = this.client.producer("orders").executor((task) -> {
		}).build();
		CompletableFuture<Ack> waiting = producer.sendAsync(message(0));
		producer.close(Duration.ofMillis(100));
		assertThat(failure(waiting)).isInstanceOf(ClientClosedException.class);
	}

	@Test
	void flushAsyncTellsWhenAllIsTold() {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> first = producer.send(message(0));
		CompletableFuture<Void> flushed = producer.flushAsync();
		CompletableFuture<Boolean> told = flushed.thenApply((nothing) -> first.isDone());
		awaitHeld(1);
		assertThat(flushed).isNotDone();
		answerAll();
		assertThat(get(told)).isTrue();
		get(this.client.producer("orders").build().flushAsync());
	}

	@Test
	void trySendSaysNoWhereSendWouldWait() {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		Optional<CompletableFuture<Ack>> first = producer.trySend(message(0));
		awaitHeld(1);
		assertThat(producer.trySend(message(1))).isEmpty();
		answerAll();
		get(first.orElseThrow());
		await().until(() -> producer.inFlight() == 0);
		assertThat(get(producer.trySend(message(2)).orElseThrow()).offset()).isEqualTo(1);
		producer.close();
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.trySend(message(3)));
	}

	@Test
	void sendsABatchInOrder() {
		Producer producer = this.client.producer("orders").build();
		List<Message> batch = IntStream.range(0, 20).mapToObj(ProducerAsyncTests::message).toList();
		assertThat(getAll(producer.sendBatch(batch))).extracting(Ack::offset)
			.containsExactlyElementsOf(IntStream.range(0, 20).mapToObj((i) -> (long) i).toList());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> producer.sendBatch(List.of()))
			.withMessageContaining("'orders'")
			.withMessageContaining("no messages");
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.sendBatch(List.of(message(20), Message.of(new byte[2 << 20]))));
		assertThat(this.orders.values()).isEqualTo(values(20));
	}

	@Test
	void failsTheRestOfABatchThatDoesNotFitInTime() {
		holdAnswers();
		Producer producer = this.client.producer("orders")
			.maxInFlight(2)
			.enqueueTimeout(Duration.ofMillis(500))
			.build();
		this.client.streams().list();
		List<CompletableFuture<Ack>> futures = producer.sendBatch(List.of(message(0), message(1), message(2)));
		assertThat(failure(futures.get(2))).isInstanceOf(EnqueueTimeoutException.class);
		answerAll();
		getAll(futures.subList(0, 2));
		assertThat(this.orders.values()).isEqualTo(values(2));
	}

	@Test
	void callsAHandlerOnceWithTheOutcome() {
		CompletableFuture<Confirmation> good = new CompletableFuture<>();
		CompletableFuture<Confirmation> bad = new CompletableFuture<>();
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		producer.send(message(0), (confirmation) -> {
			good.complete(confirmation);
			throw new IllegalStateException("must not matter");
		});
		answer(1);
		assertThat(get(good).isConfirmed()).isTrue();
		assertThat(get(good).message().value()).isEqualTo("m0".getBytes());
		producer.send(message(1), bad::complete);
		producer.close(Duration.ZERO);
		assertThat(get(bad).isConfirmed()).isFalse();
		assertThat(get(bad).failure()).isInstanceOf(ClientClosedException.class);
	}

	@Test
	void callsAHandlerByAnExecutorAndWithoutIfItRefuses() throws InterruptedException {
		ExecutorService executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "mine"));
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<String> thread = new CompletableFuture<>();
		producer.send(message(0), (confirmation) -> thread.complete(Thread.currentThread().getName()), executor);
		assertThat(get(thread)).isEqualTo("mine");
		executor.shutdown();
		assertThat(executor.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Confirmation> refused = new CompletableFuture<>();
		producer.send(message(1), refused::complete, (task) -> {
			throw new RejectedExecutionException("no");
		});
		assertThat(get(refused).isConfirmed()).isTrue();
	}

	@Test
	void sendsNothingAgainWithoutRetries() {
		this.client.streams().list();
		Producer producer = this.client.producer("orders").retries(0).build();
		get(producer.send(message(0)));
		holdAnswers();
		CompletableFuture<Ack> doubtful = producer.send(message(1));
		awaitHeld(1);
		this.broker.kill();
		LiftbridgeException failure = failure(doubtful);
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(failure).hasMessageContaining("retries");
		answerAll();
		this.broker.start();
		get(producer.send(message(2)));
		assertThat(this.broker.publishCalls().stream().flatMap((call) -> call.values().stream()).filter("m1"::equals))
			.hasSize(1);
	}

	@Test
	void sendsAgainAsOftenAsItMay() {
		this.client.streams().list();
		Producer producer = this.client.producer("orders").retries(1).build();
		get(producer.send(message(0)));
		holdAnswers();
		CompletableFuture<Ack> doubtful = producer.send(message(1));
		for (int i = 1; i <= 2; i++) {
			int times = i;
			await().atMost(LONG).until(() -> held() >= times || doubtful.isDone());
			this.broker.kill();
			this.broker.start();
		}
		assertThat(failure(doubtful)).hasMessageContaining("retries");
	}

	@Test
	void aCallbackSendsWithoutWaitingForRoomWhileSomebodyElseIsToldAnOutcome() {
		AtomicInteger told = new AtomicInteger();
		CountDownLatch telling = new CountDownLatch(1);
		CountDownLatch sent = new CountDownLatch(1);
		Producer producer = this.client.producer("orders")
			.maxInFlight(1)
			.enqueueTimeout(Duration.ofSeconds(2))
			.metrics((stream, name, inFlight) -> new ProducerRecorder() {

				@Override
				public void acked(int messages) {
					if (told.incrementAndGet() == 2) {
						telling.countDown();
						reach(sent);
					}
				}

			})
			.build();
		holdAnswers();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		CompletableFuture<Void> done = producer.send(message(0)).thenRun(() -> {
			CompletableFuture<Ack> waiting = CompletableFuture
				.supplyAsync(() -> producer.sendAndWait(message(1), LONG));
			reach(telling);
			try {
				futures.add(producer.send(message(2)));
				futures.add(producer.send(message(3)));
			}
			finally {
				sent.countDown();
			}
			futures.add(waiting);
		});
		answerAll();
		get(done);
		assertThat(getAll(futures)).hasSize(3);
	}

	private static void reach(CountDownLatch latch) {
		try {
			assertThat(latch.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void hasAName() {
		assertThat(this.client.producer("orders").name("billing").build().name()).isEqualTo("billing");
		assertThat(this.client.producer("orders").build().name()).isEmpty();
	}

	@Test
	void refusesOptionsThatCannotWork() {
		ProducerBuilder builder = this.client.producer("orders");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.retries(-1))
			.withMessageContaining("retries is -1");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.name(" "))
			.withMessageContaining("name");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.name("a\nb"));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.name("x".repeat(256)));
	}

}
