package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Connections that break, brokers that go away. */
class ProducerFaultTests extends FakeClusterTest {

	private static final int COUNT = 12;

	private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();

	private final ProducerListener counting = new ProducerListener() {

		@Override
		public void onAck(Message message, Ack ack, long nanos) {
			ProducerFaultTests.this.outcomes.computeIfAbsent(new String(message.value()), (key) -> new AtomicInteger())
				.incrementAndGet();
		}

		@Override
		public void onFailure(Message message, LiftbridgeException failure) {
			ProducerFaultTests.this.outcomes
				.computeIfAbsent("failed " + new String(message.value()), (key) -> new AtomicInteger())
				.incrementAndGet();
		}

	};

	private static List<String> names(int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> "m" + (100 + i)).toList();
	}

	private List<CompletableFuture<Ack>> send(Producer producer, List<String> values) {
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		values.forEach((value) -> futures.add(producer.send(Message.of("k", value))));
		return futures;
	}

	private void eachWasToldOnce(List<String> values) {
		assertThat(this.outcomes.keySet()).containsExactlyInAnyOrderElementsOf(values);
		assertThat(this.outcomes.values()).allMatch((count) -> count.get() == 1);
	}

	/**
	 * The call breaks when so many messages have arrived, of which so many were stored
	 * and so many acknowledged.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 0, 0", "1, 1, 0", "1, 1, 1", "2, 1, 1", "2, 2, 1", "5, 1, 1", "5, 5, 1", "5, 5, 3", "5, 5, 5",
			"12, 12, 1", "12, 12, 6", "12, 12, 11" })
	void sendsEverythingWithoutAnswerAgainInOrder(int arrived, int stored, int acknowledged) {
		AtomicBoolean broken = new AtomicBoolean();
		AtomicInteger seen = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (call.isEnded()) {
				return;
			}
			if (broken.get()) {
				call.store(request);
				return;
			}
			int number = seen.incrementAndGet();
			long offset = (number <= stored) ? this.orders.append(request.getValue().toStringUtf8()) : -1;
			if (number <= acknowledged) {
				call.ack(request, offset);
			}
			if (number == arrived) {
				broken.set(true);
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
		});
		Producer producer = this.client.producer("orders").listener(this.counting).build();
		getAll(send(producer, names(0, COUNT)));
		producer.flush();
		List<String> again = this.broker.publishCalls().get(1).values();
		assertThat(again).as("what has no answer, the oldest first").isEqualTo(names(acknowledged, COUNT));
		assertThat(new LinkedHashSet<>(this.orders.values())).containsExactlyElementsOf(names(0, COUNT));
		assertThat(this.orders.values()).containsSubsequence(names(0, COUNT));
		eachWasToldOnce(names(0, COUNT));
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void sendsAgainWhatLiesBetweenAcknowledgedMessages() {
		AtomicInteger seen = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (call.isEnded()) {
				return;
			}
			int number = seen.getAndIncrement();
			if (number >= COUNT) {
				call.store(request);
				return;
			}
			if (number % 2 == 0) {
				call.ack(request, number);
			}
			if (number == COUNT - 1) {
				call.end(Status.UNAVAILABLE);
			}
		});
		Producer producer = this.client.producer("orders").listener(this.counting).build();
		getAll(send(producer, names(0, COUNT)));
		producer.flush();
		assertThat(this.orders.values()).containsExactly("m101", "m103", "m105", "m107", "m109", "m111");
		eachWasToldOnce(names(0, COUNT));
	}

	@Test
	void sendsTheOldestMessageAloneUntilItIsAnswered() {
		List<Runnable> held = Collections.synchronizedList(new ArrayList<>());
		List<String> arrived = new CopyOnWriteArrayList<>();
		AtomicBoolean broken = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (broken.compareAndSet(false, true)) {
				call.end(Status.UNAVAILABLE);
			}
			else {
				arrived.add(request.getValue().toStringUtf8());
				held.add(() -> call.store(request));
			}
		});
		Producer producer = this.client.producer("orders").build();
		List<CompletableFuture<Ack>> futures = send(producer, names(0, 5));
		await().until(() -> !held.isEmpty());
		// The first is on its way; newer ones wait, also those that are sent only now.
		futures.addAll(send(producer, names(5, 6)));
		// One that asks after a second of silence whether anybody is there is the same.
		await().during(Duration.ofMillis(100)).until(() -> arrived.stream().allMatch("m100"::equals));
		this.broker.onPublish((request, call) -> call.store(request));
		held.get(0).run();
		getAll(futures);
		assertThat(new LinkedHashSet<>(this.orders.values())).containsExactlyElementsOf(names(0, 6));
	}

	@Test
	void sendsNothingNewerBeforeTheUnacknowledged() {
		AtomicInteger calls = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (call.isEnded()) {
				return;
			}
			// Breaks four times, each time a little later.
			int number = this.broker.publishCalls().size();
			if (number <= 4 && call.received().size() > number) {
				calls.incrementAndGet();
				call.end(Status.UNAVAILABLE);
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").listener(this.counting).build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			futures.addAll(send(producer, names(i, i + 1)));
		}
		getAll(futures);
		producer.flush();
		assertThat(calls).hasValue(4);
		assertThat(new LinkedHashSet<>(this.orders.values())).containsExactlyElementsOf(names(0, 300));
		eachWasToldOnce(names(0, 300));
	}

	@Test
	void goesOnWhenTheServerEndsTheCallInPeace() {
		AtomicBoolean ended = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (ended.compareAndSet(false, true)) {
				call.end(Status.OK);
			}
			else {
				call.store(request);
			}
		});
		getAll(send(this.client.producer("orders").build(), names(0, 3)));
		assertThat(this.orders.values()).isEqualTo(names(0, 3));
	}

	@Test
	void survivesTheBrokersDeathAndReturn() throws InterruptedException {
		Producer producer = this.client.producer("orders").maxInFlight(20).listener(this.counting).build();
		List<CompletableFuture<Ack>> futures = Collections.synchronizedList(new ArrayList<>());
		List<String> sent = Collections.synchronizedList(new ArrayList<>());
		AtomicBoolean go = new AtomicBoolean(true);
		Thread sender = new Thread(() -> {
			for (int i = 0; go.get(); i++) {
				String value = "m" + (1_000_000 + i);
				sent.add(value);
				futures.add(producer.send(Message.of("k", value)));
			}
		});
		sender.start();
		for (int kill = 1; kill <= 2; kill++) {
			int enough = 200 * kill;
			await().until(() -> this.orders.values().size() > enough);
			this.broker.kill();
			await().until(() -> this.client.brokers().get(0).reason() != null);
			this.broker.start();
		}
		int before = this.orders.values().size();
		await().until(() -> this.orders.values().size() > before + 200);
		go.set(false);
		sender.join(LONG.toMillis());
		List<Ack> acks = getAll(List.copyOf(futures));
		producer.flush();
		assertThat(new LinkedHashSet<>(this.orders.values())).containsExactlyElementsOf(sent);
		eachWasToldOnce(sent);
		for (int i = 0; i < acks.size(); i++) {
			assertThat(this.orders.values().get((int) acks.get(i).offset())).isEqualTo(sent.get(i));
		}
	}

	@Test
	void followsTheLeaderToAnotherBroker() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			client(builder().seeds(two.seeds()));
			Producer producer = this.client.producer("orders").build();
			getAll(send(producer, names(0, 3)));
			two.broker(1).onPublish((request, call) -> {
			});
			List<CompletableFuture<Ack>> futures = send(producer, names(3, 6));
			await().until(() -> two.broker(1).publishCalls().get(0).received().size() >= 4);
			partition.leader("b2");
			two.broker(1).kill();
			getAll(futures);
			assertThat(partition.values()).isEqualTo(names(0, 6));
			assertThat(two.broker(2).publishCalls().get(0).values()).isEqualTo(names(3, 6));
		}
	}

	@Test
	void doesNotSendAConditionalMessageTwice() {
		AtomicBoolean broken = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (broken.compareAndSet(false, true)) {
				this.orders.append(request.getValue().toStringUtf8());
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").listener(this.counting).build();
		CompletableFuture<Ack> sent = producer.send(Message.builder().value("a").expectedOffset(0).build());
		CompletableFuture<Ack> unsent = producer.send(Message.builder().value("b").expectedOffset(1).build());
		CompletableFuture<Ack> plain = producer.send(Message.builder().value("c").build());
		LiftbridgeException failure = failure(sent);
		assertThat(failure).isInstanceOf(BrokerUnavailableException.class)
			.hasMessageContaining("stream 'orders' partition 0")
			.hasMessageContaining("socket closed")
			.hasMessageContaining("newest offset");
		assertThat(failure.outcome()).isEqualTo(Outcome.INDETERMINATE);
		assertThat(get(unsent).offset()).isEqualTo(1);
		assertThat(get(plain).offset()).isEqualTo(2);
		assertThat(this.orders.values()).containsExactly("a", "b", "c");
		producer.flush();
		assertThat(this.outcomes.keySet()).containsExactlyInAnyOrder("failed a", "b", "c");
	}

	@Test
	void waitsOutABrokerThatDoesNotKnowItsStreamsYet() {
		Producer producer = this.client.producer("orders").listener(this.counting).build();
		getAll(send(producer, names(0, 2)));
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		AtomicInteger refusals = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (refusals.incrementAndGet() <= 3) {
				call.error(request, PublishAsyncError.Code.NOT_FOUND, "no such stream: orders");
			}
			else {
				call.store(request);
			}
		});
		List<CompletableFuture<Ack>> futures = send(producer, names(2, 6));
		this.broker.start();
		getAll(futures);
		assertThat(this.orders.values()).isEqualTo(names(0, 6));
		producer.flush();
		eachWasToldOnce(names(0, 6));
	}

	@Test
	void findsAStreamThatItsBrokerLearnsOnlyAfterItsStart() {
		this.client.streams().list();
		this.broker.kill();
		await().until(() -> this.client.brokers().get(0).reason() != null);
		AtomicInteger questions = new AtomicInteger();
		this.broker.<Object, Object>on("FetchMetadata", (request, observer, usual) -> {
			if (questions.incrementAndGet() <= 3) {
				observer.onNext(this.cluster.metadata().toBuilder().clearStreamMetadata().build());
				observer.onCompleted();
			}
			else {
				usual.run();
			}
		});
		this.broker.start();
		assertThat(get(this.client.producer("orders").build().send(Message.of("k", "v"))).offset()).isZero();
	}

	/** Another broker created it a moment ago. */
	@Test
	void findsAStreamThatSomeBrokersHaveNotHeardOfYet() {
		try (FakeCluster two = new FakeCluster(2)) {
			two.stream("orders");
			AtomicInteger questions = new AtomicInteger();
			for (int i = 1; i <= 2; i++) {
				two.broker(i).<Object, Object>on("FetchMetadata", (request, observer, usual) -> {
					if (questions.incrementAndGet() <= 4) {
						observer.onNext(two.metadata().toBuilder().clearStreamMetadata().build());
						observer.onCompleted();
					}
					else {
						usual.run();
					}
				});
			}
			client(builder().seeds(two.seeds()));
			assertThat(get(this.client.producer("orders").build().send(Message.of("k", "v"))).offset()).isZero();
			assertThat(questions).hasValue(5);
		}
	}

	@Test
	void doesNotWaitForAStreamThatWasDeleted() {
		Producer producer = this.client.producer("orders").build();
		getAll(send(producer, names(0, 2)));
		this.cluster.remove("orders");
		LiftbridgeException failure = failure(producer.send(Message.of("k", "v")));
		assertThat(failure).isInstanceOf(StreamNotFoundException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.REFUSED);
	}

	@Test
	void keepsPartitionsApart() {
		List<FakePartition> partitions = this.cluster.stream("wide", 2);
		Producer producer = this.client.producer("wide").build();
		this.broker.onPublish((PublishRequest request, PublishCall call) -> {
			if (request.getPartition() == 0) {
				call.end(Status.UNAVAILABLE);
			}
			else {
				call.store(request);
			}
		});
		CompletableFuture<Ack> stuck = producer.send(Message.builder().partition(0).value("0").build());
		for (int i = 0; i < 5; i++) {
			get(producer.send(Message.builder().partition(1).value("1").build()));
		}
		assertThat(partitions.get(1).values()).hasSize(5);
		assertThat(stuck).isNotDone();
		this.broker.onPublish((request, call) -> call.store(request));
		get(stuck);
	}

	@Test
	void servesMorePartitionsThanItHasCalls() {
		List<FakePartition> partitions = this.cluster.stream("huge", 150);
		Producer producer = this.client.producer("huge").build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 450; i++) {
			futures.add(producer.send(Message.builder().partition(i % 150).value("m" + (100 + i)).build()));
		}
		List<Ack> acks = getAll(futures);
		assertThat(partitions).allSatisfy((partition) -> assertThat(partition.values()).hasSize(3).isSorted());
		assertThat(acks.get(149).partition()).isEqualTo(149);
		assertThat(this.broker.publishCalls().size()).isLessThan(150);
	}

}
