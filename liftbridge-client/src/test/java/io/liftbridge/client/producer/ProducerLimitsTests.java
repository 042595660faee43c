package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.client.fake.SilentServer;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Bounds in number and in time. */
class ProducerLimitsTests extends HeldAnswersTest {

	@Test
	void waitsForRoomAndThenGivesUp() {
		holdAnswers();
		this.client.streams().list();
		Producer producer = this.client.producer("orders")
			.maxInFlight(2)
			.enqueueTimeout(Duration.ofMillis(150))
			.build();
		CompletableFuture<Ack> first = producer.send(Message.of("k", "1"));
		CompletableFuture<Ack> second = producer.send(Message.of("k", "2"));
		long start = System.nanoTime();
		assertThatExceptionOfType(EnqueueTimeoutException.class).isThrownBy(() -> producer.send(Message.of("k", "3")))
			.withMessageContaining("'orders'")
			.withMessageContaining("liftbridge.producer.max-in-flight")
			.withMessageContaining("liftbridge.producer.enqueue-timeout")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(140),
				Duration.ofSeconds(5));
		assertThat(producer.inFlight()).isEqualTo(2);
		awaitHeld(1);
		answerAll();
		get(first);
		get(second);
		assertThat(get(producer.send(Message.of("k", "4"))).offset()).isEqualTo(2);
		assertThat(this.orders.values()).containsExactly("1", "2", "4");
	}

	@Test
	void boundsBytesToo() {
		holdAnswers();
		this.client.streams().list();
		Producer producer = this.client.producer("orders")
			.maxInFlightBytes(10_000)
			.enqueueTimeout(Duration.ofMillis(50))
			.build();
		producer.send(Message.of("k", "v".repeat(9_000)));
		assertThatExceptionOfType(EnqueueTimeoutException.class)
			.isThrownBy(() -> producer.send(Message.of("k", "v".repeat(2_000))));
		producer.send(Message.of("k", "small"));
		assertThat(producer.inFlight()).isEqualTo(2);
	}

	/** Nobody says that they arrived, so that only the network's pace bounds them. */
	@Test
	void keepsMessagesWithoutAcknowledgementUntilTheNetworkTakesThem() {
		CountDownLatch release = new CountDownLatch(1);
		this.broker.onPublish((request, call) -> {
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		Producer producer = this.client.producer("orders").ackPolicy(AckPolicy.NONE).build();
		int count = 300;
		List<CompletableFuture<Ack>> sent = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			sent.add(producer.send(Message.of("k", "v".repeat(100_000))));
		}
		AtomicLong before = new AtomicLong(-1);
		await().pollInterval(Duration.ofMillis(300)).until(() -> {
			long done = sent.stream().filter(CompletableFuture::isDone).count();
			return before.getAndSet(done) == done && done > 0;
		});
		assertThat(before.get()).isPositive().isLessThan(count / 2);
		assertThat(producer.inFlight()).isGreaterThan(count / 2);
		release.countDown();
		getAll(sent);
		await().until(() -> this.broker.publishCalls().get(0).received().size() == count);
	}

	/** It is the thread that makes room: waiting for room on it would be for ever. */
	@Test
	void sendsFromACallbackAlthoughThereIsNoRoom() {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).enqueueTimeout(Duration.ofSeconds(5)).build();
		CompletableFuture<List<CompletableFuture<Ack>>> more = producer.send(Message.of("k", "0")).thenApply((ack) -> {
			List<CompletableFuture<Ack>> sent = new ArrayList<>();
			for (int i = 1; i <= 5; i++) {
				sent.add(producer.send(Message.of("k", "" + i)));
			}
			return sent;
		});
		awaitHeld(1);
		answerAll();
		getAll(get(more));
		assertThat(this.orders.values()).containsExactly("0", "1", "2", "3", "4", "5");
		assertThat(get(producer.send(Message.of("k", "6"))).offset()).as("the bound holds again").isEqualTo(6);
	}

	@Test
	void goesOnOnceThereIsRoom() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		producer.send(Message.of("k", "1"));
		AtomicReference<CompletableFuture<Ack>> second = new AtomicReference<>();
		Thread sender = new Thread(() -> second.set(producer.send(Message.of("k", "2"))));
		sender.start();
		await().until(() -> sender.getState() == Thread.State.TIMED_WAITING && held() == 1);
		answerAll();
		sender.join(LONG.toMillis());
		assertThat(get(second.get()).offset()).isEqualTo(1);
	}

	@Test
	void stopsWaitingWhenInterrupted() throws InterruptedException {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		producer.send(Message.of("k", "1"));
		AtomicReference<LiftbridgeException> failure = new AtomicReference<>();
		AtomicBoolean flag = new AtomicBoolean();
		Thread sender = new Thread(() -> {
			try {
				producer.send(Message.of("k", "2"));
			}
			catch (LiftbridgeException ex) {
				failure.set(ex);
				flag.set(Thread.currentThread().isInterrupted());
			}
		});
		sender.start();
		await().until(() -> sender.getState() == Thread.State.TIMED_WAITING);
		sender.interrupt();
		sender.join(LONG.toMillis());
		assertThat(failure.get().outcome()).isEqualTo(Outcome.NOT_SENT);
		assertThat(flag).isTrue();
		assertThat(producer.inFlight()).isOne();
	}

	@Test
	void failsMessagesThatNobodyAcknowledges() {
		this.broker.onPublish((request, call) -> {
		});
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofSeconds(2)).build();
		long start = System.nanoTime();
		LiftbridgeException failure = failure(producer.send(Message.of("k", "v")));
		assertThat(failure).isInstanceOf(AckTimeoutException.class)
			.hasMessageContaining("stream 'orders' partition 0")
			.hasMessageContaining("liftbridge.producer.ack-timeout")
			.hasMessageContaining("may be stored");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(2), LONG);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void ignoresAnAcknowledgementThatComesTooLate() {
		holdAnswers();
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofMillis(100)).build();
		CompletableFuture<Ack> late = producer.send(Message.of("k", "late"));
		failure(late);
		answerAll();
		Producer other = this.client.producer("orders").build();
		get(other.send(Message.of("k", "other")));
		assertThat(late).isCompletedExceptionally();
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void goesOnAfterAMessageThatWasNotAcknowledged() {
		this.broker.onPublish((request, call) -> {
			if (!request.getValue().toStringUtf8().equals("lost")) {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofSeconds(2)).build();
		CompletableFuture<Ack> lost = producer.send(Message.of("k", "lost"));
		failure(lost);
		assertThat(get(producer.send(Message.of("k", "next"))).offset()).isZero();
	}

	@Test
	void saysThatAMessageWasNotSentIfNoBrokerCouldBeReached() {
		Producer producer = this.client.producer("orders").ackTimeout(Duration.ofSeconds(2)).build();
		get(producer.send(Message.of("k", "1")));
		this.broker.kill();
		await().until(() -> this.broker.publishCalls().get(0).isEnded());
		await().until(() -> this.client.brokers().get(0).reason() != null);
		// The first may still get on the connection that has just ended.
		await().atMost(LONG).untilAsserted(() -> {
			LiftbridgeException failure = failure(producer.send(Message.of("k", "2")));
			assertThat(failure).isInstanceOf(BrokerUnavailableException.class)
				.hasMessageContaining("stream 'orders' partition 0")
				.hasMessageContaining("not sent");
			assertThat(failure.outcome()).isEqualTo(Outcome.NOT_SENT);
		});
	}

	@Test
	void sendsAConditionalMessageThatFoundNoBrokerOnceThereIsOne() {
		get(this.client.producer("orders").build().send(Message.of("k", "1")));
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		// Not the one from before, whose call may not have heard of it yet.
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> conditional = producer
			.send(Message.builder().value("2").partition(0).expectedOffset(1).build());
		CompletableFuture<Ack> next = producer.send(Message.of("k", "3"));
		await().pollDelay(Duration.ofMillis(150)).until(() -> !next.isDone());
		this.broker.start();
		assertThat(get(next).offset()).isEqualTo(2);
		assertThat(get(conditional).offset()).isEqualTo(1);
	}

	@Test
	void waitsForTheFirstBroker() throws InterruptedException {
		this.broker.kill();
		Producer producer = this.client.producer("orders").build();
		AtomicReference<Object> result = new AtomicReference<>();
		Thread sender = new Thread(() -> {
			try {
				result.set(get(producer.send(Message.of("k", "v"))));
			}
			catch (RuntimeException ex) {
				result.set(ex);
			}
		});
		sender.start();
		await().until(() -> this.client.brokers().stream().anyMatch((status) -> status.reason() != null));
		this.broker.start();
		sender.join(LONG.toMillis());
		assertThat(result.get()).isInstanceOf(Ack.class);
	}

	@Test
	void doesNotWaitForTheFirstBrokerForEver() {
		client(builder().seeds(SilentServer.deadAddress()));
		Producer producer = this.client.producer("orders").enqueueTimeout(Duration.ofMillis(300)).build();
		long start = System.nanoTime();
		assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(() -> producer.send(Message.of("k", "v")))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT))
			.withMessageContaining("127.0.0.1:")
			.withMessageContaining("liftbridge.seeds");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void doesNotWaitForASilentBrokerForEver() {
		try (SilentServer silent = new SilentServer()) {
			client(builder().seeds(silent.address()).connectTimeout(Duration.ofSeconds(10)));
			Producer producer = this.client.producer("orders").enqueueTimeout(Duration.ofMillis(300)).build();
			long start = System.nanoTime();
			assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(() -> producer.send(Message.of("k", "v")))
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT))
				.withMessageContaining("'orders'");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
		}
	}

	@Test
	void waitsForOneMessageUpToItsDeadline() {
		Producer producer = this.client.producer("orders").build();
		assertThat(producer.sendAndWait(Message.of("k", "v"), LONG).offset()).isZero();
		this.broker.onPublish((request, call) -> {
		});
		long start = System.nanoTime();
		assertThatExceptionOfType(AckTimeoutException.class)
			.isThrownBy(() -> producer.sendAndWait(Message.of("k", "v"), Duration.ofMillis(200)))
			.withMessageContaining("'orders'")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.INDETERMINATE));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(190),
				Duration.ofSeconds(5));
	}

	@Test
	void throwsWhatTheServerAnsweredToTheOneMessage() {
		this.broker.onPublish(
				(request, call) -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0"));
		Producer producer = this.client.producer("orders").build();
		assertThatExceptionOfType(ReadonlyPartitionException.class)
			.isThrownBy(() -> producer.sendAndWait(Message.of("k", "v"), LONG));
	}

	@Test
	void boundsTheWaitForRoomByTheDeadlineOfTheOneMessage() {
		holdAnswers();
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		producer.send(Message.of("k", "1"));
		long start = System.nanoTime();
		assertThatExceptionOfType(LiftbridgeException.class)
			.isThrownBy(() -> producer.sendAndWait(Message.of("k", "2"), Duration.ofMillis(100)))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
	}

	@Test
	void flushesUntilEachMessageHasItsOutcome() {
		holdAnswers();
		Producer producer = this.client.producer("orders").build();
		assertThat(producer.flush(LONG)).as("nothing was sent").isTrue();
		CompletableFuture<Ack> first = producer.send(Message.of("k", "1"));
		CompletableFuture<Ack> second = producer.send(Message.of("k", "2"));
		assertThat(producer.flush(Duration.ofMillis(50))).isFalse();
		awaitHeld(1);
		answerAll();
		assertThat(producer.flush(LONG)).isTrue();
		assertThat(first).isCompleted();
		assertThat(second).isCompleted();
	}

	@Test
	void flushesMessagesThatFail() {
		this.broker.onPublish(
				(request, call) -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0"));
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> failed = producer.send(Message.of("k", "1"));
		producer.flush();
		assertThat(failed).isCompletedExceptionally();
	}

	@Test
	void keepsWaitingForTheSlowAnswerToAConditionalMessage() {
		CompletableFuture<Void> later = new CompletableFuture<>();
		this.broker.onPublish((request, call) -> later.thenRun(() -> call.store(request)));
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> conditional = producer
			.send(Message.builder().value("v").partition(0).expectedOffset(0).build());
		await().pollDelay(Duration.ofMillis(1600)).until(() -> true);
		assertThat(conditional).isNotDone();
		later.complete(null);
		assertThat(get(conditional).offset()).isZero();
		assertThat(this.orders.values()).containsExactly("v");
	}

	@Test
	void leavesABrokerThatAnswersNothing() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			client(builder().seeds(two.seeds()).connectTimeout(Duration.ofMillis(300)));
			Producer producer = this.client.producer("orders").build();
			get(producer.send(Message.of("k", "1")));
			// Hangs, and another broker takes over.
			two.broker(1).onPublish((request, call) -> {
			});
			two.broker(1).hang("FetchMetadata");
			partition.leader("b2");
			assertThat(get(producer.send(Message.of("k", "2"))).offset()).isEqualTo(1);
			assertThat(two.broker(2).publishCalls()).hasSize(1);
		}
	}

	@Test
	void failsOnlyTheMessageThatTheServersInboundLimitHit() {
		client(builder().maxMessageBytes(100_000));
		this.broker.onPublish((request, call) -> {
			if (request.getValue().size() > 5_000) {
				call.end(Status.RESOURCE_EXHAUSTED
					.withDescription("grpc: received message larger than max (5064 vs. 5000)"));
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").build();
		CompletableFuture<Ack> before = producer.send(Message.of("k", "before"));
		CompletableFuture<Ack> large = producer.send(Message.of("k", "v".repeat(6_000)));
		CompletableFuture<Ack> after = producer.send(Message.of("k", "after"));
		assertThat(failure(large)).isInstanceOf(MessageTooLargeException.class).hasMessageContaining("stream 'orders'");
		get(before);
		get(after);
		assertThat(this.orders.values()).containsSubsequence("before", "after");
	}

	@Test
	void failsNobodyForAServerThatIsExhausted() {
		AtomicBoolean first = new AtomicBoolean(true);
		this.broker.onPublish((PublishRequest request, PublishCall call) -> {
			if (first.compareAndSet(true, false)) {
				call.end(Status.RESOURCE_EXHAUSTED.withDescription("too many streams"));
			}
			else {
				call.store(request);
			}
		});
		assertThat(get(this.client.producer("orders").build().send(Message.of("k", "v"))).offset()).isZero();
	}

}
