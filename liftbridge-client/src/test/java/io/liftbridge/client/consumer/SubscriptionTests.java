package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import io.liftbridge.client.fake.FakeCluster;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class SubscriptionTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	private SubscriptionBuilder subscribe() {
		return this.client.subscribe("orders").handler(this.collector);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private SubscribeRequest request(int number) {
		await().until(() -> this.broker.subscriberCalls().size() > number);
		return this.broker.subscriberCalls().get(number).request();
	}

	@Test
	void deliversWhatIsStoredAndWhatFollows() {
		store(3);
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		get(subscription.started());
		assertThat(subscription.isLive()).isTrue();
		store(2);
		await().until(() -> this.collector.size() == 5);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L, 3L, 4L);
		assertThat(this.collector.values()).containsExactly("m0", "m1", "m2", "m3", "m4");
		assertThat(subscription.lastDelivered()).isEqualTo(4);
		assertThat(subscription.stream()).isEqualTo("orders");
		assertThat(subscription.partition()).isZero();
		subscription.close();
		assertThat(subscription.isLive()).isFalse();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
	}

	@Test
	void isStartedByTheEmptyMessageWhichIsNotDelivered() {
		CompletableFuture<SubscriberCall> opened = new CompletableFuture<>();
		this.broker.onSubscribe(opened::complete);
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		SubscriberCall call = get(opened);
		assertThat(subscription.started()).isNotDone();
		assertThat(subscription.isLive()).isFalse();
		call.live();
		get(subscription.started());
		assertThat(subscription.lastDelivered()).isEqualTo(-1);
		call.send(0);
		await().until(() -> this.collector.size() == 1);
		assertThat(this.collector.values()).containsExactly("m0");
	}

	static Stream<Arguments> starts() {
		return Stream.of(arguments(StartPosition.earliest(), 3, io.liftbridge.proto.StartPosition.EARLIEST, 0L),
				arguments(StartPosition.offset(2), 3, io.liftbridge.proto.StartPosition.OFFSET, 2L),
				arguments(StartPosition.newOnly(), 3, io.liftbridge.proto.StartPosition.OFFSET, 3L),
				arguments(StartPosition.newOnly(), 0, io.liftbridge.proto.StartPosition.OFFSET, 0L),
				arguments(StartPosition.latest(), 3, io.liftbridge.proto.StartPosition.OFFSET, 2L),
				arguments(StartPosition.latest(), 0, io.liftbridge.proto.StartPosition.OFFSET, 0L),
				arguments(StartPosition.at(Instant.ofEpochSecond(2, 5)), 3, io.liftbridge.proto.StartPosition.TIMESTAMP,
						0L));
	}

	@ParameterizedTest
	@MethodSource("starts")
	void asksForItsStart(StartPosition start, int stored, io.liftbridge.proto.StartPosition wire, long offset) {
		store(stored);
		get(subscribe().from(start).start().started());
		assertThat(request(0).getStartPosition()).isEqualTo(wire);
		assertThat(request(0).getStartOffset()).isEqualTo(offset);
		if (wire == io.liftbridge.proto.StartPosition.TIMESTAMP) {
			assertThat(request(0).getStartTimestamp()).isEqualTo(2_000_000_005L);
		}
		assertThat(request(0).getStream()).isEqualTo("orders");
		assertThat(request(0).getStopPosition()).isEqualTo(io.liftbridge.proto.StopPosition.STOP_ON_CANCEL);
		assertThat(request(0).getResume()).isFalse();
		assertThat(request(0).getReadISRReplica()).isFalse();
	}

	@Test
	void stopsAfterAnOffset() {
		store(5);
		Subscription subscription = subscribe().from(StartPosition.offset(1)).until(StopPosition.offset(3)).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(1L, 2L, 3L);
	}

	@Test
	void stopsAtTheFirstMessageBeyondTheStopIfThatWasRemoved() {
		this.broker.onSubscribe((call) -> {
			call.live();
			for (long offset : new long[] { 0, 1, 4, 5 }) {
				call.send(offset);
			}
		});
		Subscription subscription = subscribe().from(StartPosition.earliest()).until(StopPosition.offset(3)).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L);
	}

	@Test
	void stopsAfterTheMessageThatIsTheNewestAtTheStart() {
		store(3);
		this.broker.onSubscribe((call) -> {
			store(2);
			call.serve();
		});
		Subscription subscription = subscribe().from(StartPosition.earliest()).until(StopPosition.latest()).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
	}

	@Test
	void endsAtOnceIfThereIsNothingUpToTheLatest() {
		Subscription subscription = subscribe().from(StartPosition.earliest()).until(StopPosition.latest()).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		get(subscription.started());
		store(3);
		assertThat(get(subscribe().from(StartPosition.offset(3)).until(StopPosition.latest()).start().ended()))
			.isEqualTo(EndReason.STOP_REACHED);
		assertThat(get(subscribe().from(StartPosition.at(Instant.now())).until(StopPosition.latest()).start().ended()))
			.isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.size()).isZero();
	}

	@Test
	void stopsAtATime() {
		store(5);
		// Messages arrive in seconds 1, 2, 3...
		Subscription subscription = subscribe().from(StartPosition.earliest())
			.until(StopPosition.at(Instant.ofEpochSecond(3)))
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
		assertThat(request(0).getStopPosition()).isEqualTo(io.liftbridge.proto.StopPosition.STOP_TIMESTAMP);
		assertThat(request(0).getStopTimestamp()).isEqualTo(3_000_000_000L);
	}

	/** The server begins with the next message when the offset does not exist yet. */
	@Test
	void dropsMessagesBeforeTheOffsetThatItWants() {
		store(5);
		Subscription subscription = subscribe().from(StartPosition.offset(8)).start();
		get(subscription.started());
		store(5);
		await().until(() -> this.collector.size() == 2);
		assertThat(this.collector.offsets()).containsExactly(8L, 9L);
		assertThat(subscription.lastDelivered()).isEqualTo(9);
	}

	@Test
	void deliversWhatIsPublishedWhileItStarts() {
		store(2);
		this.broker.onSubscribe((call) -> {
			store(2);
			call.serve();
		});
		subscribe().start();
		await().until(() -> this.collector.size() == 2);
		assertThat(this.collector.offsets()).containsExactly(2L, 3L);
	}

	@Test
	void asksForWhatItIsAllowed() {
		Subscription subscription = this.client.subscribe("orders")
			.handler(this.collector)
			.resumePaused(true)
			.readIsrReplica(true)
			.start();
		get(subscription.started());
		assertThat(request(0).getResume()).isTrue();
		assertThat(request(0).getReadISRReplica()).isTrue();
	}

	@Test
	void readsFromInSyncReplicasOnly() {
		try (FakeCluster three = new FakeCluster(3)) {
			FakePartition partition = three.stream("orders");
			partition.isr("b3");
			client(builder().seeds(three.seeds()));
			for (int i = 0; i < 3; i++) {
				get(this.client.subscribe("orders")
					.from(StartPosition.earliest())
					.handler(this.collector)
					.readIsrReplica(true)
					.start()
					.started());
			}
			assertThat(three.broker(3).subscriberCalls()).hasSize(3);
		}
	}

	@Test
	void endsWithTheFailureOfItsHandler() {
		store(5);
		List<String> told = Collections.synchronizedList(new ArrayList<>());
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> {
				this.collector.onMessage(message);
				if (message.offset() == 2) {
					throw new IllegalStateException("cannot read this");
				}
			})
			.listener(new SubscriptionListener() {

				@Override
				public void onFailure(Subscription failed, Throwable failure) {
					told.add(failure.getMessage());
				}

			})
			.start();
		await().until(() -> subscription.ended().isDone());
		assertThat(subscription.ended().handle((reason, failure) -> failure).join())
			.hasRootCauseMessage("cannot read this");
		assertThat(this.collector.offsets()).containsExactly(0L, 1L, 2L);
		assertThat(told).containsExactly("cannot read this");
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
	}

	@Test
	void holdsMessagesBackWhilePaused() {
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		get(subscription.started());
		subscription.pause();
		store(5);
		await().during(Duration.ofMillis(100)).until(() -> this.collector.size() == 0);
		assertThat(subscription.isLive()).isTrue();
		subscription.resume();
		await().until(() -> this.collector.size() == 5);
		subscription.pause();
		assertThat(subscription.close(LONG)).isTrue();
	}

	@Test
	void deliversInBatchesUpToTheirSize() {
		store(25);
		List<List<Long>> batches = Collections.synchronizedList(new ArrayList<>());
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.offset(24))
			.batchHandler(10, (messages) -> {
				if (batches.isEmpty()) {
					// Long enough for the others to arrive, so that they are no batches
					// of
					// one.
					await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
					this.client.streams().list();
				}
				batches.add(messages.stream().map((message) -> message.offset()).toList());
				// The list is the handler's own.
				messages.clear();
			})
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.STOP_REACHED);
		assertThat(batches).allMatch((batch) -> !batch.isEmpty() && batch.size() <= 10);
		assertThat(batches.stream().flatMap(List::stream)).hasSize(25).isSorted();
		assertThat(batches.size()).isLessThan(25);
		assertThat(subscription.lastDelivered()).isEqualTo(24);
	}

	@Test
	void runsItsHandlerOnTheExecutorThatItWasGiven() {
		store(3);
		ExecutorService executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "mine"));
		try {
			List<String> threads = Collections.synchronizedList(new ArrayList<>());
			Subscription subscription = this.client.subscribe("orders")
				.from(StartPosition.earliest())
				.until(StopPosition.latest())
				.executor(executor)
				.handler((message) -> threads.add(Thread.currentThread().getName()))
				.start();
			get(subscription.ended());
			assertThat(threads).containsExactly("mine", "mine", "mine");
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void runsItsHandlerOnThreadsNamedAfterTheClient() {
		client(builder().clientId("billing-client"));
		store(1);
		CompletableFuture<String> thread = new CompletableFuture<>();
		this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> thread.complete(Thread.currentThread().getName()))
			.start();
		assertThat(get(thread)).startsWith("billing-client-handler");
	}

	@Test
	void failsForAStreamThatDoesNotExist() {
		Subscription subscription = this.client.subscribe("orderz").handler(this.collector).start();
		assertThat(failure(subscription.ended())).isInstanceOf(StreamNotFoundException.class)
			.hasMessageContaining("stream 'orderz' does not exist")
			.hasMessageContaining("Existing streams are: orders");
		assertThat(failure(subscription.started())).isInstanceOf(StreamNotFoundException.class);
		Subscription partition = this.client.subscribe("orders").partition(7).handler(this.collector).start();
		assertThat(failure(partition.ended())).isInstanceOf(PartitionNotFoundException.class)
			.hasMessageContaining("stream 'orders' has no partition 7");
	}

	@Test
	void refusesWhatCannotWork() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.subscribe("orders").start())
			.withMessageContaining("handler");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> subscribe().until(StopPosition.latest()).start())
			.withMessageContaining("from(StartPosition.earliest())");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().partition(-1));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().prefetch(0))
			.withMessageContaining("prefetch");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().prefetchBytes(0))
			.withMessageContaining("prefetchBytes");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> subscribe().batchHandler(0, (messages) -> {
			}));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.subscribe("a b"));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> subscribe().from(StartPosition.offset(5)).until(StopPosition.offset(3)).start())
			.withMessageContaining("offset 3");
	}

	@Test
	void refusesNumbersThatCannotBeMeant() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> subscribe().prefetch(1_000_001))
			.withMessageContaining("prefetch of stream 'orders' is 1000001; it must be between 1 and 1000000");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> subscribe().prefetchBytes(Long.MAX_VALUE))
			.withMessageContaining("between 1 and 1099511627776");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> subscribe().batchHandler(Integer.MAX_VALUE, (messages) -> {
			}))
			.withMessageContaining("maxSize");
		Subscription subscription = subscribe().prefetch(1_000_000).prefetchBytes(1L << 40).start();
		get(subscription.started());
		assertThat(subscription.close(Duration.ofSeconds(Long.MAX_VALUE))).isTrue();
	}

	@Test
	void readsLargeMessages() {
		this.orders.append("v".repeat(5_000_000));
		subscribe().from(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() == 1);
		assertThat(this.collector.values().get(0)).hasSize(5_000_000);
	}

}
