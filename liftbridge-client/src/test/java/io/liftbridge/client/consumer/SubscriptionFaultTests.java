package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.StreamPausedException;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Interruptions of all kinds, and ends. */
class SubscriptionFaultTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	private final List<String> events = Collections.synchronizedList(new ArrayList<>());

	private final SubscriptionListener listener = new SubscriptionListener() {

		@Override
		public void onLive(Subscription subscription, String broker) {
			SubscriptionFaultTests.this.events.add("live " + broker.substring(0, 2));
		}

		@Override
		public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
			SubscriptionFaultTests.this.events.add("interrupted " + attempt);
			throw new IllegalStateException("a bad listener");
		}

		@Override
		public void onEnd(Subscription subscription, EndReason reason) {
			SubscriptionFaultTests.this.events.add("end " + reason);
		}

		@Override
		public void onFailure(Subscription subscription, Throwable failure) {
			SubscriptionFaultTests.this.events.add("failure " + failure.getClass().getSimpleName());
		}

	};

	private SubscriptionBuilder subscribe(StartPosition start) {
		return this.client.subscribe("orders").from(start).handler(this.collector).listener(this.listener);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private static List<Long> offsets(long from, long to) {
		return LongStream.range(from, to).boxed().toList();
	}

	/** The first call says something else. */
	private void first(java.util.function.Consumer<SubscriberCall> script) {
		AtomicBoolean first = new AtomicBoolean(true);
		this.broker.onSubscribe((call) -> {
			if (first.compareAndSet(true, false)) {
				script.accept(call);
			}
			else {
				call.serve();
			}
		});
	}

	private SubscribeRequest lastRequest() {
		List<SubscriberCall> calls = this.broker.subscriberCalls();
		return calls.get(calls.size() - 1).request();
	}

	@ParameterizedTest
	@EnumSource(value = Status.Code.class, names = { "UNAVAILABLE", "OK", "CANCELLED", "DEADLINE_EXCEEDED", "UNKNOWN" })
	void goesOnAfterTheLastMessage(Status.Code code) {
		store(5);
		first((call) -> {
			call.live();
			for (int i = 0; i < 3; i++) {
				call.send(i);
			}
			call.end(code.toStatus());
		});
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 5);
		assertThat(this.collector.offsets()).isEqualTo(offsets(0, 5));
		assertThat(lastRequest().getStartPosition()).isEqualTo(io.liftbridge.proto.StartPosition.OFFSET);
		assertThat(lastRequest().getStartOffset()).isEqualTo(3);
		// Told by another thread than the one that delivers.
		await().untilAsserted(() -> assertThat(this.events).containsExactly("live b1", "interrupted 1", "live b1"));
		subscription.close();
		assertThat(this.events).last().isEqualTo("end CLOSED");
	}

	@Test
	void skipsNothingThatCameBeforeTheFirstMessageOfANewSubscription() {
		store(3);
		first((call) -> {
			call.live();
			store(2);
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = subscribe(StartPosition.newOnly()).start();
		get(subscription.started());
		await().until(() -> this.collector.size() == 2);
		assertThat(this.collector.offsets()).containsExactly(3L, 4L);
	}

	@Test
	void skipsNothingAfterTheLatestMessage() {
		store(3);
		first((call) -> {
			call.live();
			store(2);
			call.end(Status.UNAVAILABLE);
		});
		subscribe(StartPosition.latest()).start();
		await().until(() -> this.collector.size() == 3);
		assertThat(this.collector.offsets()).containsExactly(2L, 3L, 4L);
	}

	@Test
	void startsAgainAtTheSameTimeIfNothingArrived() {
		store(3);
		first((call) -> call.end(Status.UNAVAILABLE));
		subscribe(StartPosition.at(Instant.ofEpochSecond(2))).start();
		await().until(() -> this.collector.size() == 2);
		assertThat(this.collector.offsets()).containsExactly(1L, 2L);
	}

	@Test
	void deliversNothingTwiceAndSkipsNothing() {
		int count = 600;
		store(count);
		AtomicInteger calls = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			long from = (call.request().getStartPosition() == io.liftbridge.proto.StartPosition.OFFSET)
					? call.request().getStartOffset() : 0;
			if (calls.incrementAndGet() > 12) {
				call.serve();
				return;
			}
			call.live();
			// Begins too early, as servers do for some positions, and breaks soon.
			for (long offset = Math.max(0, from - 7); offset < Math.min(count, from + 37); offset++) {
				call.send(offset);
			}
			call.end(Status.UNAVAILABLE);
		});
		subscribe(StartPosition.earliest()).prefetch(10).start();
		await().until(() -> this.collector.size() >= count);
		assertThat(this.collector.offsets()).isEqualTo(offsets(0, count));
	}

	@Test
	void survivesTheBrokersDeathAndReturn() {
		store(5);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 5);
		this.broker.kill();
		await().until(() -> !subscription.isLive());
		store(5);
		this.broker.start();
		await().until(() -> this.collector.size() == 10);
		store(5);
		await().until(() -> this.collector.size() == 15);
		assertThat(this.collector.offsets()).isEqualTo(offsets(0, 15));
		assertThat(subscription.started()).isCompleted();
	}

	@Test
	void startsOnceThereIsABroker() {
		this.broker.kill();
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.events.contains("interrupted 2"));
		assertThat(subscription.started()).isNotDone();
		this.broker.start();
		store(1);
		get(subscription.started());
		await().until(() -> this.collector.size() == 1);
	}

	@Test
	void followsTheLeader() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			client(builder().seeds(two.seeds()));
			partition.append("a");
			Subscription subscription = subscribe(StartPosition.earliest()).start();
			await().until(() -> this.collector.size() == 1);
			partition.leader("b2");
			two.broker(1).subscriberCalls().get(0).end(Status.UNAVAILABLE);
			partition.append("b");
			await().until(() -> this.collector.size() == 2);
			assertThat(this.collector.values()).containsExactly("a", "b");
			assertThat(two.broker(2).subscriberCalls()).hasSize(1);
			await().untilAsserted(() -> assertThat(this.events).last().isEqualTo("live b2"));
			subscription.close();
		}
	}

	@Test
	void asksAgainWhoLeadsIfTheBrokerSaysItDoesNot() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			partition.append("a");
			client(builder().seeds(two.seeds()));
			this.client.streams().list();
			partition.leader("b2");
			subscribe(StartPosition.earliest()).start();
			await().until(() -> this.collector.size() == 1);
			assertThat(two.broker(1).subscriberCalls()).hasSize(1);
			assertThat(two.broker(2).subscriberCalls()).hasSize(1);
		}
	}

	@Test
	void waitsForALeader() {
		this.orders.leader("nobody");
		store(1);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.events.contains("interrupted 2"));
		this.orders.leader("b1");
		await().until(() -> this.collector.size() == 1);
		subscription.close();
	}

	@Test
	void leavesABrokerThatDoesNotAnswer() {
		try (FakeCluster two = new FakeCluster(2)) {
			FakePartition partition = two.stream("orders");
			partition.append("a");
			client(builder().seeds(two.seeds())
				.connectTimeout(Duration.ofSeconds(1))
				.requestTimeout(Duration.ofSeconds(2)));
			two.broker(1).onSubscribe((call) -> {
			});
			Subscription subscription = subscribe(StartPosition.earliest()).start();
			await().until(() -> !two.broker(1).subscriberCalls().isEmpty());
			two.broker(1).hang("FetchMetadata");
			partition.leader("b2");
			get(subscription.started());
			await().until(() -> this.collector.size() == 1);
			await().until(() -> two.broker(1).subscriberCalls().get(0).isEnded());
		}
	}

	@Test
	void failsWhenTheStreamIsDeleted() {
		store(2);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 2);
		this.cluster.remove("orders");
		this.broker.subscriberCalls().get(0).end(Status.NOT_FOUND.withDescription("commit log was deleted"));
		assertThat(failure(subscription.ended())).isInstanceOf(StreamNotFoundException.class)
			.hasMessageContaining("stream 'orders'")
			.hasMessageContaining("commit log was deleted");
		assertThat(this.events).containsExactly("live b1", "failure StreamNotFoundException");
	}

	@Test
	void failsWhenTheStreamIsGoneAfterAnInterruption() {
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		get(subscription.started());
		this.cluster.remove("orders");
		this.broker.subscriberCalls().get(0).end(Status.UNAVAILABLE);
		assertThat(failure(subscription.ended())).isInstanceOf(StreamNotFoundException.class);
	}

	@Test
	void endsWithAReadonlyPartition() {
		store(2);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 2);
		this.broker.subscriberCalls()
			.get(0)
			.end(Status.RESOURCE_EXHAUSTED.withDescription("End of readonly partition"));
		assertThat(get(subscription.ended())).isEqualTo(EndReason.END_OF_PARTITION);
		assertThat(this.events).containsExactly("live b1", "end END_OF_PARTITION");
	}

	@Test
	void endsWithAPartitionThatWasReadonlyBefore() {
		store(2);
		this.broker.onSubscribe((call) -> {
			call.live();
			call.send(0);
			call.send(1);
			call.end(Status.RESOURCE_EXHAUSTED.withDescription("Stop offset reached"));
		});
		assertThat(get(subscribe(StartPosition.earliest()).start().ended())).isEqualTo(EndReason.END_OF_PARTITION);
		assertThat(this.collector.size()).isEqualTo(2);
	}

	@Test
	void endsIfEverythingInAReadonlyPartitionWasDeliveredBefore() {
		store(2);
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 2);
		this.broker.onSubscribe((call) -> call
			.end(Status.INVALID_ARGUMENT.withDescription("Stop offset is before start offset: 1 < 2")));
		this.broker.subscriberCalls().get(0).end(Status.UNAVAILABLE);
		assertThat(get(subscription.ended())).isEqualTo(EndReason.END_OF_PARTITION);
	}

	@Test
	void endsAtATimeAlthoughItWasInterruptedRightBefore() {
		store(5);
		first((call) -> {
			call.live();
			for (int i = 0; i < 3; i++) {
				call.send(i);
			}
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = subscribe(StartPosition.earliest()).until(StopPosition.at(Instant.ofEpochSecond(3)))
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@Test
	void staysWithItsStopThroughInterruptions() {
		store(3);
		first((call) -> {
			call.live();
			call.send(0);
			store(5);
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = subscribe(StartPosition.earliest()).until(StopPosition.latest()).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@ParameterizedTest
	@EnumSource(names = { "EARLIEST", "NEW_ONLY", "LATEST", "OFFSET" })
	void failsForAPausedPartition(StartPosition.Kind kind) {
		store(2);
		this.orders.paused(true);
		StartPosition start = switch (kind) {
			case EARLIEST -> StartPosition.earliest();
			case LATEST -> StartPosition.latest();
			case OFFSET -> StartPosition.offset(1);
			default -> StartPosition.newOnly();
		};
		Subscription subscription = subscribe(start).start();
		assertThat(failure(subscription.ended())).isInstanceOf(StreamPausedException.class)
			.hasMessageContaining("stream 'orders' partition 0")
			.hasMessageContaining("resumePaused");
	}

	@ParameterizedTest
	@EnumSource(names = { "EARLIEST", "NEW_ONLY" })
	void resumesAPausedPartition(StartPosition.Kind kind) {
		store(2);
		this.orders.paused(true);
		StartPosition start = (kind == StartPosition.Kind.EARLIEST) ? StartPosition.earliest()
				: StartPosition.newOnly();
		Subscription subscription = subscribe(start).resumePaused(true).start();
		get(subscription.started());
		store(1);
		await().until(() -> this.collector.offsets().contains(2L));
		// Paused again, under way.
		this.orders.paused(true);
		this.broker.subscriberCalls()
			.get(this.broker.subscriberCalls().size() - 1)
			.end(Status.FAILED_PRECONDITION.withDescription("commit log was closed"));
		await().until(() -> subscription.isLive() && this.broker.subscriberCalls().size() > 1
				&& !this.broker.subscriberCalls().get(this.broker.subscriberCalls().size() - 1).isEnded());
		store(1);
		await().until(() -> this.collector.offsets().contains(3L));
		assertThat(this.collector.offsets()).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void failsWhenThePartitionIsPausedUnderWay() {
		Subscription subscription = subscribe(StartPosition.newOnly()).start();
		get(subscription.started());
		this.orders.paused(true);
		this.broker.subscriberCalls().get(0).end(Status.FAILED_PRECONDITION.withDescription("commit log was closed"));
		assertThat(failure(subscription.ended())).isInstanceOf(StreamPausedException.class);
	}

	/** Compaction closes segments for a moment. */
	@Test
	void goesOnIfThePartitionWasClosedOnlyForAMoment() {
		store(2);
		first((call) -> call
			.end(Status.INTERNAL.withDescription("Failed to create stream reader: segment has been closed")));
		subscribe(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 2);
	}

	/** A partition that was paused once says so for ever. */
	@Test
	void takesNewForWhatItIsOnAPartitionThatWasPausedOnce() {
		store(3);
		this.orders.paused(true);
		this.orders.paused(false);
		first((call) -> {
			call.live();
			store(2);
			call.end(Status.UNAVAILABLE);
		});
		subscribe(StartPosition.newOnly()).start();
		await().until(() -> this.collector.size() == 2);
		assertThat(this.collector.offsets()).containsExactly(3L, 4L);
	}

	/**
	 * A partition that was paused cannot be asked before. What is published while its
	 * newest offset is asked for belongs to the new messages.
	 */
	@Test
	void losesNoNewMessageOfAPartitionThatItResumes() {
		store(3);
		this.orders.paused(true);
		CountDownLatch asked = new CountDownLatch(1);
		CompletableFuture<SubscriberCall> opened = new CompletableFuture<>();
		this.broker.onSubscribe((call) -> {
			this.orders.paused(false);
			opened.complete(call);
			call.live();
		});
		this.broker.on("FetchPartitionMetadata", (request, observer, usual) -> {
			if (opened.isDone()) {
				// Published, but not yet on its way to the subscriber.
				store(1);
			}
			usual.run();
			if (opened.isDone()) {
				asked.countDown();
			}
		});
		Subscription subscription = subscribe(StartPosition.newOnly()).resumePaused(true).start();
		get(subscription.started());
		await().until(() -> asked.getCount() == 0);
		// Waits until the answer was taken in: this one comes after it.
		this.client.streams().list();
		get(opened).send(3);
		await().until(() -> this.collector.size() == 1);
		assertThat(this.collector.offsets()).containsExactly(3L);
	}

	@Test
	void failsForLackOfPermission() {
		this.broker.onSubscribe((call) -> call
			.end(Status.UNKNOWN.withDescription("The client is not authorized to call Subscribe on resource orders")));
		Subscription subscription = subscribe(StartPosition.earliest()).start();
		assertThat(failure(subscription.started()))
			.isInstanceOf(io.liftbridge.client.message.NotAuthorizedException.class);
	}

	@Test
	void doesNotHurryWhileABrokerRefuses() {
		AtomicInteger calls = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			calls.incrementAndGet();
			call.live();
			call.end(Status.UNAVAILABLE);
		});
		Subscription subscription = subscribe(StartPosition.offset(0)).start();
		await().until(() -> calls.get() > 2);
		int before = calls.get();
		await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
		assertThat(calls.get() - before).as("calls in a second").isLessThan(15);
		subscription.close();
	}

}
