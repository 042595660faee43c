package io.liftbridge.client.producer;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BulkSourceException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.PublishAsyncError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class BulkPublishTests extends FakeClusterTest {

	private static BulkRequest order(int i) {
		return BulkRequest.of("orders", Message.of("k", value(i)));
	}

	private static String value(int i) {
		return "v" + (100_000 + i);
	}

	/** Counts what it gave. */
	private static final class Generator<R> implements Iterator<R> {

		private final AtomicInteger given = new AtomicInteger();

		private final int most;

		private final IntFunction<R> requests;

		Generator(int most, IntFunction<R> requests) {
			this.most = most;
			this.requests = requests;
		}

		static <R> Generator<R> endless(IntFunction<R> requests) {
			return new Generator<>(Integer.MAX_VALUE, requests);
		}

		@Override
		public boolean hasNext() {
			return this.given.get() < this.most;
		}

		@Override
		public R next() {
			return this.requests.apply(this.given.getAndIncrement());
		}

	}

	@Test
	void mixesStreamsAndPartitionsAndGivesOneResultForEachInOrder() {
		List<FakePartition> wide = this.cluster.stream("wide", 3);
		int count = 3000;
		Generator<BulkRequest> source = new Generator<>(count, (i) -> (i % 2 == 0) ? order(i)
				: BulkRequest.of("wide", Message.builder().value(value(i)).partition(i % 3).build()));
		List<PublishResult<BulkRequest>> results = new ArrayList<>();
		this.client.publishBulk(source).maxInFlight(100).results().forEach(results::add);
		assertThat(results).hasSize(count);
		for (int i = 0; i < count; i++) {
			PublishResult<BulkRequest> result = results.get(i);
			assertThat(result.index()).isEqualTo(i);
			assertThat(result.request().message().value()).isEqualTo(value(i).getBytes());
			assertThat(result.isAcked()).isTrue();
			assertThat(result.isFailed()).isFalse();
			assertThat(result.ack()).extracting(Ack::stream).isEqualTo(result.request().stream());
		}
		assertThat(this.orders.values()).hasSize(count / 2).isSorted();
		assertThat(wide).allSatisfy((partition) -> assertThat(partition.values()).hasSize(count / 6).isSorted());
	}

	@Test
	void takesIterablesStreamsAndIterators() {
		AtomicBoolean closed = new AtomicBoolean();
		assertThat(this.client.publishBulk(List.of(order(0), order(1))).run().acked()).isEqualTo(2);
		assertThat(this.client.publishBulk(Stream.of(order(2)).onClose(() -> closed.set(true))).run().acked())
			.isEqualTo(1);
		assertThat(closed).isTrue();
		assertThat(this.client.publishBulk(List.of(order(3)).iterator()).run().acked()).isEqualTo(1);
		Producer producer = this.client.producer("orders").build();
		List<Message> messages = List.of(Message.of("k", value(4)));
		assertThat(producer.publishBulk(messages).run().acked()).isEqualTo(1);
		assertThat(producer.publishBulk(messages.iterator()).run().acked()).isEqualTo(1);
		assertThat(producer.publishBulk(messages.stream()).run().acked()).isEqualTo(1);
		assertThat(this.client.publishBulk(List.of()).run()).isEqualTo(new BulkSummary(0, 0, 0, 0, null));
		assertThat(this.orders.values()).containsExactly(value(0), value(1), value(2), value(3), value(4), value(4),
				value(4));
	}

	@Test
	void aFailureIsTheResultOfItsRequestAlone() {
		this.cluster.stream("wide", 2);
		this.broker.onPublish((request, call) -> {
			if (request.getPartition() == 1) {
				call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 1");
			}
			else {
				call.store(request);
			}
		});
		List<BulkRequest> requests = List.of(order(0), BulkRequest.of("wide", to(1)), BulkRequest.of("wide", to(7)),
				BulkRequest.of("nowhere", Message.of("k", "v")), order(1),
				BulkRequest.of("orders", Message.of(new byte[2 << 20])), new BulkRequest("orders", null),
				BulkRequest.of("__cursors", Message.of("k", "v")), new BulkRequest(null, Message.of("k", "v")),
				BulkRequest.of("orders", Message.builder().ackPolicy(AckPolicy.NONE).expectedOffset(3).build()),
				BulkRequest.of("wide", to(0)), order(2));
		List<PublishResult<BulkRequest>> results = this.client.publishBulk(requests).results().stream().toList();
		assertThat(results).extracting(PublishResult::request).isEqualTo(requests);
		assertThat(results.stream()
			.<Class<?>>map((result) -> (result.failure() != null) ? result.failure().getClass() : null))
			.containsExactly(null, ReadonlyPartitionException.class, PartitionNotFoundException.class,
					StreamNotFoundException.class, null, MessageTooLargeException.class, InvalidRequestException.class,
					InvalidRequestException.class, InvalidRequestException.class, InvalidRequestException.class, null,
					null);
		assertThat(results.get(3).failure()).hasMessageContaining("nowhere");
		assertThat(results.get(6).failure()).hasMessage("A request of a bulk has no message; its stream is 'orders'.");
		assertThat(results.get(8).failure()).hasMessageContaining("A request of a bulk has no stream; it has Message[");
		assertThat(this.orders.values()).containsExactly(value(0), value(1), value(2));
	}

	private static Message to(int partition) {
		return Message.builder().value("v").partition(partition).build();
	}

	@Test
	void manyRequestsToAMissingStreamAskTheBrokersAFewTimes() {
		List<BulkRequest> requests = IntStream.range(0, 2000)
			.mapToObj((i) -> (i % 2 == 0) ? BulkRequest.of("nowhere", Message.of("k", "v")) : order(i))
			.toList();
		BulkSummary summary = this.client.publishBulk(requests).maxInFlight(50).run();
		assertThat(summary.acked()).isEqualTo(1000);
		assertThat(summary.failed()).isEqualTo(1000);
		assertThat(summary.firstFailure()).isInstanceOf(StreamNotFoundException.class);
		assertThat(this.broker.count("FetchMetadata")).isLessThan(300);
	}

	@Test
	void aStreamThatIsCreatedMeanwhileIsFound() {
		List<PublishResult<BulkRequest>> results = new ArrayList<>();
		try (BulkResults<BulkRequest> bulk = this.client
			.publishBulk(Generator.endless((i) -> BulkRequest.of("later", Message.of("k", "v"))))
			.maxInFlight(1)
			.results()) {
			results.add(bulk.next());
			assertThat(results.get(0).failure()).isInstanceOf(StreamNotFoundException.class);
			this.cluster.stream("later");
			await().until(() -> bulk.next().isAcked());
		}
	}

	@Test
	void nothingIsTakenBeforeResultsAreAskedForNorBeyondTheBounds() {
		Generator<BulkRequest> source = Generator.endless(BulkPublishTests::order);
		try (BulkResults<BulkRequest> results = this.client.publishBulk(source).maxInFlight(10).results()) {
			assertThat(source.given).hasValue(0);
			for (int i = 1; i <= 200; i++) {
				assertThat(results.next().isAcked()).isTrue();
				assertThat(source.given.get()).isBetween(i, i + 10);
			}
		}
		assertThat(source.given.get()).isLessThanOrEqualTo(210);
	}

	@Test
	void theBytesOfWhatWasTakenAreBounded() {
		Generator<BulkRequest> source = Generator
			.endless((i) -> BulkRequest.of("orders", Message.of(new byte[100_000])));
		try (BulkResults<BulkRequest> results = this.client.publishBulk(source).maxInFlightBytes(1_000_000).results()) {
			for (int i = 1; i <= 100; i++) {
				assertThat(results.next().isAcked()).isTrue();
				assertThat(source.given.get()).isLessThanOrEqualTo(i + 11);
			}
		}
	}

	@Test
	void anEndlessSourceTakesNoMoreMemoryWithTime() {
		List<WeakReference<Message>> given = new ArrayList<>();
		Generator<BulkRequest> source = Generator.endless((i) -> {
			Message message = Message.of(new byte[10_000]);
			given.add(new WeakReference<>(message));
			return BulkRequest.of("orders", message);
		});
		this.broker.onPublish((request, call) -> call.ack(request, 0));
		try (BulkResults<BulkRequest> results = this.client.publishBulk(source).maxInFlight(100).results()) {
			for (int i = 0; i < 5000; i++) {
				assertThat(results.next().isAcked()).isTrue();
			}
			await().until(() -> {
				System.gc();
				return given.stream().filter((message) -> message.get() != null).count() <= 150;
			});
		}
	}

	@Test
	void fillsItsWindowWhileTheBrokerIsSlow() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		holdAllButTheFirst(held);
		Generator<BulkRequest> source = Generator.endless(BulkPublishTests::order);
		BulkResults<BulkRequest> results = this.client.publishBulk(source).maxInFlight(30).results();
		assertThat(results.next().isAcked()).isTrue();
		CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> results.next().isAcked());
		await().until(() -> held.size() >= 30);
		assertThat(second).isNotDone();
		assertThat(source.given).hasValue(31);
		held.forEach(Runnable::run);
		assertThat(get(second)).isTrue();
		results.close();
	}

	/** A new call carries one message until that is answered. */
	private void holdAllButTheFirst(List<Runnable> held) {
		this.broker.onPublish((request, call) -> {
			if (this.orders.newest() < 0) {
				call.store(request);
			}
			else {
				held.add(() -> call.store(request));
			}
		});
	}

	@Test
	void aSourceThatFailsIsToldAfterTheResultsOfWhatItGave() {
		Generator<BulkRequest> source = Generator.endless((i) -> {
			if (i == 25) {
				throw new IllegalStateException("no more paper");
			}
			return order(i);
		});
		BulkResults<BulkRequest> results = this.client.publishBulk(source).results();
		for (int i = 0; i < 25; i++) {
			assertThat(results.next().isAcked()).isTrue();
		}
		assertThatExceptionOfType(BulkSourceException.class).isThrownBy(results::hasNext)
			.withMessageContaining("25 requests")
			.withMessageContaining("no more paper")
			.withCauseInstanceOf(IllegalStateException.class)
			.satisfies((ex) -> assertThat(ex.requests()).isEqualTo(25));
		assertThatExceptionOfType(BulkSourceException.class).isThrownBy(results::next);
		assertThat(this.orders.values()).hasSize(25);
		assertThatExceptionOfType(BulkSourceException.class)
			.isThrownBy(() -> this.client.publishBulk(Arrays.asList(order(0), null)).run())
			.satisfies((ex) -> assertThat(ex.requests()).isEqualTo(1));
	}

	@Test
	void doesNotAwaitWhatHasNoOutcomeAfterTheLastOne() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		holdAllButTheFirst(held);
		Generator<BulkRequest> source = new Generator<>(10, (i) -> {
			if (i == 1) {
				await().until(() -> this.orders.newest() == 0);
			}
			return order(i);
		});
		BulkSummary summary = this.client.publishBulk(source).awaitAcks(false).run();
		assertThat(summary.requests()).isEqualTo(10);
		assertThat(summary.failed()).isZero();
		assertThat(summary.notAwaited()).isGreaterThanOrEqualTo(9);
		await().until(() -> held.size() == 9);
		held.forEach(Runnable::run);
		assertThat(this.orders.values()).hasSize(10);
	}

	@Test
	void whatIsNotAwaitedArrivesAlthoughTheClientIsClosedAtOnce() {
		int count = 500;
		BulkSummary summary = this.client.publishBulk(new Generator<>(count, BulkPublishTests::order))
			.awaitAcks(false)
			.run();
		assertThat(summary.requests()).isEqualTo(count);
		this.client.close();
		assertThat(this.orders.values()).hasSize(count).isSorted();
	}

	@Test
	void policyNoneIsNotWaitedFor() {
		BulkSummary summary = this.client.publishBulk(new Generator<>(500, BulkPublishTests::order))
			.producers((options) -> options.ackPolicy(AckPolicy.NONE))
			.run();
		assertThat(summary.acked()).isEqualTo(500);
		await().until(() -> this.orders.newest() == 499);
	}

	@Test
	void closingTakesNothingMoreAndLeavesNothingBehind() {
		AtomicBoolean closed = new AtomicBoolean();
		BulkResults<BulkRequest> results = this.client
			.publishBulk(Stream.iterate(0, (i) -> i + 1).map(BulkPublishTests::order).onClose(() -> closed.set(true)))
			.maxInFlight(20)
			.results();
		results.next();
		results.close();
		results.close();
		assertThat(closed).isTrue();
		assertThat(results.hasNext()).isFalse();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(results::next);
		await().until(() -> this.broker.publishCalls().get(0).isEnded());
		int given = this.broker.publishCalls().get(0).received().size();
		assertThat(given).isLessThanOrEqualTo(20);
		assertThat(this.orders.values()).hasSize(given);
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().endsWith("-bulk-close")));
	}

	@Test
	void closingWakesWhoWaits() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		holdAllButTheFirst(held);
		BulkResults<BulkRequest> results = this.client.publishBulk(Generator.endless(BulkPublishTests::order))
			.maxInFlight(5)
			.results();
		results.next();
		CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(results::hasNext);
		await().until(() -> held.size() >= 5);
		results.close();
		assertThat(get(more)).isFalse();
	}

	@Test
	void anInterruptedReaderMayReadOn() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		List<Runnable> answers = new CopyOnWriteArrayList<>();
		this.broker.onPublish((request, call) -> {
			answers.add(() -> call.store(request));
			held.countDown();
		});
		BulkResults<BulkRequest> results = this.client.publishBulk(List.of(order(0))).results();
		CompletableFuture<LiftbridgeException> interrupted = new CompletableFuture<>();
		Thread reader = new Thread(() -> {
			try {
				results.hasNext();
			}
			catch (LiftbridgeException ex) {
				interrupted.complete(ex);
			}
		});
		reader.start();
		held.await();
		reader.interrupt();
		assertThat(get(interrupted)).hasMessageContaining("Interrupted");
		reader.join();
		answers.forEach(Runnable::run);
		assertThat(results.next().isAcked()).isTrue();
		assertThat(results.hasNext()).isFalse();
	}

	@Test
	void endsWithTheClient() {
		BulkResults<BulkRequest> results = this.client.publishBulk(Generator.endless(BulkPublishTests::order))
			.maxInFlight(50)
			.results();
		assertThat(results.next().isAcked()).isTrue();
		this.client.close();
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> results.forEachRemaining((result) -> assertThat(result).isNotNull()));
	}

	@Test
	void endsWithItsProducer() {
		Producer producer = this.client.producer("orders").build();
		BulkResults<Message> results = producer.publishBulk(Generator.endless((i) -> Message.of("k", value(i))))
			.results();
		assertThat(results.next().isAcked()).isTrue();
		producer.close();
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> results.forEachRemaining((result) -> assertThat(result).isNotNull()));
	}

	@Test
	void staysWithinTheBoundsOfItsProducer() {
		Producer producer = this.client.producer("orders").maxInFlight(7).build();
		Generator<Message> source = new Generator<>(1000, (i) -> Message.of("k", value(i)));
		BulkSummary summary = producer.publishBulk(source).run();
		assertThat(summary.acked()).isEqualTo(1000);
		assertThat(this.orders.values()).hasSize(1000).isSorted();
		producer.send(Message.of("k", "after")).join();
	}

	@Test
	void waitsForNoBatchThatIsNotFull() {
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(100)).build();
		BulkSummary summary = producer.publishBulk(new Generator<>(250, (i) -> Message.of("k", value(i)))).run();
		assertThat(summary.acked()).isEqualTo(250);
		assertThat(this.orders.values()).isSorted();
	}

	@Test
	void producersAreSetUpByTheUser() {
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals(value(1))) {
				call.error(request, PublishAsyncError.Code.BAD_REQUEST, "no");
			}
		});
		BulkSummary summary = this.client.publishBulk(List.of(order(0), order(1)))
			.producers((options) -> options.ackTimeout(Duration.ofMillis(1500)))
			.run();
		assertThat(summary.failed()).isEqualTo(2);
		assertThat(summary.firstFailure()).isInstanceOf(AckTimeoutException.class);
	}

	@Test
	void theBoundsAreThoseOfTheBulk() {
		BulkSummary summary = this.client.publishBulk(new Generator<>(20_000, BulkPublishTests::order))
			.producers((producer) -> producer.maxInFlight(2).maxInFlightBytes(100))
			.run();
		assertThat(summary.firstFailure()).isNull();
		assertThat(summary.acked()).isEqualTo(20_000);
	}

	@Test
	void resultsAreAskedForOnce() {
		BulkPublish<BulkRequest> bulk = this.client.publishBulk(List.of());
		bulk.run();
		assertThatIllegalStateException().isThrownBy(bulk::results);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> bulk.maxInFlight(0))
			.withMessageContaining("maxInFlight is 0");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> bulk.maxInFlightBytes(-1))
			.withMessageContaining("maxInFlightBytes is -1");
		Producer producer = this.client.producer("orders").build();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.publishBulk(List.of()).producers((options) -> options.retries(0)));
	}

	@Test
	void goesOnAfterAConnectionIsLost() {
		AtomicInteger count = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (count.incrementAndGet() == 700) {
				call.end(Status.UNAVAILABLE);
			}
			else {
				call.store(request);
			}
		});
		BulkSummary summary = this.client.publishBulk(new Generator<>(2000, BulkPublishTests::order))
			.maxInFlight(100)
			.run();
		assertThat(summary.acked()).isEqualTo(2000);
		assertThat(this.orders.values().stream().distinct()).hasSize(2000).isSorted();
	}

	@Test
	void manyStreamsInTurnKeepNoProducers() {
		int streams = 600;
		IntStream.range(0, streams).forEach((i) -> this.cluster.stream("s" + i));
		BulkSummary summary = this.client
			.publishBulk(new Generator<>(streams, (i) -> BulkRequest.of("s" + i, Message.of("k", "v"))))
			.maxInFlight(10)
			.run();
		assertThat(summary.acked()).isEqualTo(streams);
		await().atMost(LONG).until(() -> this.broker.publishCalls().stream().allMatch(PublishCall::isEnded));
	}

}
