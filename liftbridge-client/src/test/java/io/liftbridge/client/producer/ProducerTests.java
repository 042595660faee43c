package io.liftbridge.client.producer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ProducerTests extends FakeClusterTest {

	private Producer producer;

	private Runnable releaseHeld;

	@Test
	void completesWithTheServersWord() {
		Ack ack = get(this.client.producer("orders").build().send(Message.of("k", "v")));
		assertThat(ack).isEqualTo(new Ack("orders", 0, 0, AckPolicy.LEADER, 1_000_000_000L, 2_000_000_000L));
		assertThat(this.orders.values()).containsExactly("v");
	}

	@Test
	void sendsEachPartOfAMessage() {
		this.cluster.stream("wide", 4);
		Producer producer = this.client.producer("wide").build();
		get(producer.send(Message.builder()
			.key("k")
			.value("v")
			.header("h", "1")
			.header("i", new byte[] { 2 })
			.partition(2)
			.ackPolicy(AckPolicy.ALL)
			.expectedOffset(0)
			.build()));
		get(producer.send(Message.builder().partition(2).build()));
		PublishRequest request = this.broker.publishCalls().get(0).received().get(0);
		assertThat(request.getStream()).isEqualTo("wide");
		assertThat(request.getPartition()).isEqualTo(2);
		assertThat(request.getKey().toStringUtf8()).isEqualTo("k");
		assertThat(request.getValue().toStringUtf8()).isEqualTo("v");
		assertThat(request.getHeadersMap()).hasSize(2);
		assertThat(request.getHeadersMap().get("h").toStringUtf8()).isEqualTo("1");
		assertThat(request.getAckPolicy()).isEqualTo(io.liftbridge.proto.AckPolicy.ALL);
		assertThat(request.getExpectedOffset()).isZero();
		assertThat(request.getCorrelationId()).isNotEmpty();
		assertThat(request.getAckInbox()).isEmpty();
		PublishRequest plain = this.broker.publishCalls().get(0).received().get(1);
		assertThat(plain.getExpectedOffset()).as("0 would mean: only as the first message").isEqualTo(-1);
		assertThat(plain.getAckPolicy()).isEqualTo(io.liftbridge.proto.AckPolicy.LEADER);
		assertThat(plain.getValue().isEmpty()).isTrue();
		assertThat(plain.getCorrelationId()).isNotEqualTo(request.getCorrelationId());
	}

	@Test
	void keepsTheOrderOfEachPartition() {
		List<FakePartition> partitions = this.cluster.stream("wide", 4);
		Producer producer = this.client.producer("wide").build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 4000; i++) {
			futures.add(producer.send(Message.of(String.valueOf(100_000 + i).getBytes(StandardCharsets.UTF_8))));
		}
		List<Ack> acks = getAll(futures);
		for (int p = 0; p < 4; p++) {
			assertThat(partitions.get(p).values()).hasSize(1000).isSorted();
		}
		assertThat(acks.get(4).partition()).isEqualTo(acks.get(0).partition());
		assertThat(acks.get(4).offset()).isEqualTo(1);
	}

	@Test
	void keepsTheOrderOfEachOfManyThreads() throws InterruptedException {
		Producer producer = this.client.producer("orders").maxInFlight(64).build();
		Map<Integer, List<CompletableFuture<Ack>>> futures = new HashMap<>();
		List<Thread> threads = IntStream.range(0, 8).mapToObj((t) -> {
			List<CompletableFuture<Ack>> mine = new ArrayList<>();
			futures.put(t, mine);
			return new Thread(() -> {
				for (int i = 0; i < 1000; i++) {
					mine.add(producer.send(Message.of("k" + t, t + "-" + (10_000 + i))));
				}
			});
		}).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		Set<Long> offsets = new TreeSet<>();
		futures.values().forEach((mine) -> getAll(mine).forEach((ack) -> offsets.add(ack.offset())));
		assertThat(offsets).hasSize(8000);
		for (int t = 0; t < 8; t++) {
			String prefix = t + "-";
			assertThat(this.orders.values().stream().filter((value) -> value.startsWith(prefix)).toList()).hasSize(1000)
				.isSorted();
			assertThat(futures.get(t).stream().map((future) -> get(future).offset()).toList()).isSorted();
		}
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void matchesAnswersThatComeOutOfOrder() {
		warmUp();
		List<PublishRequest> held = Collections.synchronizedList(new ArrayList<>());
		this.broker.onPublish((request, call) -> {
			held.add(request);
			if (held.size() == 3) {
				call.ack(held.get(2), 102);
				call.error(held.get(1), PublishAsyncError.Code.READONLY, "readonly partition: 0");
				call.ack(held.get(0), 100);
			}
		});
		CompletableFuture<Ack> first = this.producer.send(Message.of("k", "a"));
		CompletableFuture<Ack> second = this.producer.send(Message.of("k", "b"));
		CompletableFuture<Ack> third = this.producer.send(Message.of("k", "c"));
		assertThat(get(first).offset()).isEqualTo(100);
		assertThat(failure(second)).isInstanceOf(ReadonlyPartitionException.class);
		assertThat(get(third).offset()).isEqualTo(102);
	}

	/** After the first answer a producer sends all it has. */
	private void warmUp() {
		this.producer = this.client.producer("orders").build();
		get(this.producer.send(Message.of("k", "warm-up")));
	}

	@Test
	void readsAnErrorBeforeTheAckThatAccompaniesIt() {
		this.broker.onPublish((request, call) -> call.error(request, PublishAsyncError.Code.BAD_REQUEST,
				"stream with concurrency control must have AckPolicy set"));
		LiftbridgeException failure = failure(this.client.producer("orders").build().send(Message.of("k", "v")));
		assertThat(failure).isInstanceOf(InvalidRequestException.class).hasMessageContaining("stream 'orders'");
		assertThat(failure.outcome()).isEqualTo(Outcome.REFUSED);
	}

	@Test
	void completesOnceForTwoAnswers() {
		List<String> told = Collections.synchronizedList(new ArrayList<>());
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("secret")) {
				call.error(request, PublishAsyncError.Code.PERMISSION_DENIED, "not authorized");
			}
			call.store(request);
			call.store(request);
		});
		Producer producer = this.client.producer("orders").listener(new ProducerListener() {

			@Override
			public void onAck(Message message, Ack ack, long nanos) {
				told.add("ack " + ack.offset());
			}

			@Override
			public void onFailure(Message message, LiftbridgeException failure) {
				told.add("failure");
			}

		}).build();
		CompletableFuture<Ack> secret = producer.send(Message.of("k", "secret"));
		CompletableFuture<Ack> next = producer.send(Message.of("k", "next"));
		assertThat(failure(secret)).hasMessageContaining("not authorized");
		assertThat(get(next).offset()).isEqualTo(2);
		producer.flush();
		assertThat(told).containsExactly("failure", "ack 2");
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void ignoresAnswersThatBelongToNothing() {
		this.broker.onPublish((request, call) -> {
			for (String id : new String[] { "", "x", "-1", "99", "9999999999999999999" }) {
				call.ack(request.toBuilder().setCorrelationId(id).build(), 7);
			}
			call.store(request);
		});
		Producer producer = this.client.producer("orders").build();
		assertThat(get(producer.send(Message.of("k", "v"))).offset()).isZero();
		assertThat(get(producer.send(Message.of("k", "v"))).offset()).isEqualTo(1);
	}

	/** Two streams on one subject: both store the message, and both acknowledge it. */
	@Test
	void waitsForTheAckOfItsOwnStream() {
		this.broker.onPublish((request, call) -> {
			call.ack(request, 555, "other");
			call.ack(request, 3);
		});
		Ack ack = get(this.client.producer("orders").build().send(Message.of("k", "v")));
		assertThat(ack.stream()).isEqualTo("orders");
		assertThat(ack.offset()).isEqualTo(3);
	}

	/**
	 * Load balancing between streams: one of them, chosen by NATS, stores the message.
	 */
	@Test
	void saysWhichStreamStoredAMessageThatItsOwnDidNot() {
		this.broker.onPublish((request, call) -> call.ack(request, 555, "other"));
		Ack ack = get(this.client.producer("orders").build().send(Message.of("k", "v")));
		assertThat(ack.stream()).isEqualTo("other");
		assertThat(ack.offset()).isEqualTo(555);
	}

	@Test
	void completesMessagesWithoutAcknowledgementAtOnce() {
		this.broker.onPublish((request, call) -> {
		});
		Producer producer = this.client.producer("orders").ackPolicy(AckPolicy.NONE).build();
		Ack ack = get(producer.send(Message.of("k", "v")));
		assertThat(ack.offset()).isEqualTo(-1);
		assertThat(ack.policy()).isEqualTo(AckPolicy.NONE);
		await().untilAsserted(() -> assertThat(this.broker.publishCalls().get(0).values()).containsExactly("v"));
		assertThat(this.broker.publishCalls().get(0).received().get(0).getAckPolicy())
			.isEqualTo(io.liftbridge.proto.AckPolicy.NONE);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void survivesTheRefusalOfAMessageWithoutAcknowledgement() {
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("bad")) {
				call.error(request, PublishAsyncError.Code.BAD_REQUEST, "no");
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.builder().value("bad").ackPolicy(AckPolicy.NONE).build()));
		assertThat(get(producer.send(Message.of("k", "good"))).offset()).isZero();
		assertThat(this.broker.publishCalls()).hasSize(1);
	}

	@Test
	void completesFuturesOnAThreadOfItsOwn() throws InterruptedException {
		Producer producer = this.client.producer("orders").build();
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicReference<String> thread = new AtomicReference<>();
		CompletableFuture<Void> first = hold().thenAccept((ack) -> {
			thread.set(Thread.currentThread().getName());
			blocked.countDown();
			awaitQuietly(release);
		});
		this.releaseHeld.run();
		assertThat(blocked.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
		// The network goes on while user code blocks.
		assertThat(this.client.streams().exists("orders")).isTrue();
		CompletableFuture<Ack> other = this.client.producer("orders").build().send(Message.of("k", "other"));
		get(other);
		producer.send(Message.of("k", "more"));
		await().untilAsserted(() -> assertThat(this.orders.values()).contains("more"));
		assertThat(first).isNotDone();
		release.countDown();
		get(first);
		assertThat(thread.get()).startsWith("liftbridge-client").contains("-acks-orders");
	}

	private CompletableFuture<Ack> hold() {
		CountDownLatch arrived = new CountDownLatch(1);
		AtomicReference<Runnable> ack = new AtomicReference<>();
		this.broker.onPublish((request, call) -> {
			ack.set(() -> call.store(request));
			arrived.countDown();
		});
		CompletableFuture<Ack> future = this.client.producer("orders").build().send(Message.of("k", "held"));
		awaitQuietly(arrived);
		this.broker.onPublish((request, call) -> call.store(request));
		this.releaseHeld = ack.get();
		return future;
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void completesFuturesOnTheExecutorThatItWasGiven() {
		List<Runnable> tasks = Collections.synchronizedList(new ArrayList<>());
		Producer producer = this.client.producer("orders").completionExecutor(tasks::add).build();
		CompletableFuture<Ack> future = producer.send(Message.of("k", "v"));
		await().until(() -> !tasks.isEmpty());
		assertThat(future).isNotDone();
		tasks.forEach(Runnable::run);
		assertThat(future).isCompleted();
	}

	@Test
	void completesFuturesAlthoughTheExecutorRefuses() {
		Producer producer = this.client.producer("orders").completionExecutor((task) -> {
			throw new RejectedExecutionException("shut down");
		}).build();
		assertThat(get(producer.send(Message.of("k", "v"))).offset()).isZero();
	}

	@Test
	void tellsTheListenerOfEachFateAndSurvivesIt() {
		List<String> told = Collections.synchronizedList(new ArrayList<>());
		Producer producer = this.client.producer("orders").listener(new ProducerListener() {

			@Override
			public void onAck(Message message, Ack ack, long nanos) {
				told.add(new String(message.value(), StandardCharsets.UTF_8) + "@" + ack.offset() + (nanos > 0));
				throw new IllegalStateException("a bad listener");
			}

		}).build();
		producer.send(Message.of("k", "a"));
		CompletableFuture<Ack> second = producer.send(Message.of("k", "b"));
		get(second);
		producer.flush();
		assertThat(told).containsExactly("a@0true", "b@1true");
	}

	@Test
	void refusesATooLargeMessageBeforeItIsSent() {
		client(builder().maxMessageBytes(1000));
		Producer producer = this.client.producer("orders").build();
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.send(Message.of("k", "v".repeat(1000))))
			.withMessageContaining("'orders'")
			.withMessageContaining("1000")
			.withMessageContaining("liftbridge.max-message-size")
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.REFUSED));
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(
				() -> producer.send(Message.builder().key("k".repeat(500)).header("h", "x".repeat(500)).build()));
		assertThat(producer.inFlight()).isZero();
		assertThat(get(producer.send(Message.of("k", "v".repeat(800)))).offset()).isZero();
		assertThat(this.orders.values()).hasSize(1);
	}

	@Test
	void refusesPartitionsThatAreNotThere() {
		this.cluster.stream("wide", 3);
		Producer producer = this.client.producer("wide").build();
		assertThatExceptionOfType(PartitionNotFoundException.class)
			.isThrownBy(() -> producer.send(Message.builder().partition(3).build()))
			.withMessageContaining("'wide'")
			.withMessageContaining("partition 3")
			.withMessageContaining("0 to 2");
		Producer wild = this.client.producer("wide").partitioner((message, partitions) -> -5).build();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> wild.send(Message.of("k", "v")))
			.withMessageContaining("-5");
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void tellsOfMessagesThatThePartitionerDrops() {
		List<String> told = new CopyOnWriteArrayList<>();
		Producer producer = this.client.producer("orders")
			.partitioner(Partitioners.routing(Map.of("known", 0), Unroutable.DROP))
			.listener(new ProducerListener() {

				@Override
				public void onFailure(Message message, LiftbridgeException failure) {
					told.add(message.headers().text("id") + " " + failure.outcome());
				}

			})
			.build();
		CompletableFuture<Ack> dropped = producer
			.send(Message.builder().key("other").value("a").header("id", "7").build());
		assertThat(failure(dropped)).isInstanceOf(UnroutableException.class)
			.hasMessageContaining("'orders'")
			.hasMessageContaining("dropped");
		get(producer.send(Message.of("known", "b")));
		assertThatExceptionOfType(UnroutableException.class)
			.isThrownBy(() -> producer.sendAndWait(Message.of("other", "c"), LONG));
		producer.flush();
		assertThat(told).containsExactly("7 NOT_SENT", "null NOT_SENT");
		assertThat(this.orders.values()).containsExactly("b");
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void learnsOfPartitionsWhenAStreamIsReplaced() {
		this.cluster.stream("wide", 1);
		Producer producer = this.client.producer("wide").build();
		get(producer.send(Message.builder().partition(0).build()));
		this.cluster.remove("wide");
		List<FakePartition> partitions = this.cluster.stream("wide", 3);
		get(producer.send(Message.builder().partition(2).value("v").build()));
		assertThat(partitions.get(2).values()).containsExactly("v");
	}

	@Test
	void namesTheStreamsThatExistIfOneDoesNot() {
		this.cluster.stream("invoices");
		this.cluster.stream("__cursors");
		Producer producer = this.client.producer("orderz").build();
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> producer.send(Message.of("k", "v")))
			.withMessageContaining("stream 'orderz' does not exist")
			.withMessageContaining("asked " + this.broker.address())
			.withMessageContaining("Existing streams are: invoices, orders.");
		this.cluster.stream("orderz");
		assertThat(get(producer.send(Message.of("k", "v"))).offset()).isZero();
	}

	@Test
	void refusesAnExpectedOffsetWithoutAcknowledgement() {
		Producer producer = this.client.producer("orders").ackPolicy(AckPolicy.NONE).build();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.send(Message.builder().expectedOffset(3).build()))
			.withMessageContaining("NONE");
	}

	@Test
	void refusesSettingsThatCannotWork() {
		ProducerBuilder builder = this.client.producer("orders");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.ackTimeout(Duration.ZERO))
			.withMessageContaining("ackTimeout");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> builder.enqueueTimeout(Duration.ofMillis(-1)))
			.withMessageContaining("enqueueTimeout");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.maxInFlight(0))
			.withMessageContaining("maxInFlight");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.maxInFlightBytes(0))
			.withMessageContaining("maxInFlightBytes");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.producer("a b"));
		Duration forever = Duration.ofSeconds(Long.MAX_VALUE);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.ackTimeout(forever))
			.withMessageContaining("ackTimeout is 9223372036854775807 s")
			.withMessageContaining("365 d");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.enqueueTimeout(forever))
			.withMessageContaining("enqueueTimeout is 9223372036854775807 s");
	}

	/** The server accepts it, and could not read its own cursors any more. */
	@Test
	void refusesToPublishToTheServersOwnStreams() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.producer("__cursors"))
			.withMessageContaining("'__cursors'")
			.withMessageContaining("cursors() of the client");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.producer("__activity"))
			.withMessageContaining("'__activity'");
		assertThat(this.client.producer("__mine")).isNotNull();
	}

	@Test
	void usesOneCallForAllMessagesOfAPartition() {
		Producer producer = this.client.producer("orders").build();
		for (int i = 0; i < 20; i++) {
			get(producer.send(Message.of("k", "v" + i)));
		}
		assertThat(this.broker.publishCalls()).hasSize(1);
		assertThat(this.orders.values()).hasSize(20);
	}

}
