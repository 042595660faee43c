package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.BulkSourceException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class BulkFlowTests extends FakeClusterTest {

	private static BulkRequest order(long i) {
		return BulkRequest.of("orders", Message.of("k", "v" + (100_000 + i)));
	}

	private static Stream<BulkRequest> orders(int count) {
		return IntStream.range(0, count).mapToObj(BulkFlowTests::order);
	}

	@Test
	void givesNoMoreResultsThanWereDemanded() {
		Recorder recorder = new Recorder(3);
		this.client.publishBulk(orders(20)).publisher().subscribe(recorder);
		await().until(() -> recorder.results.size() == 3);
		await().until(() -> this.orders.newest() == 19);
		assertThat(recorder.results).hasSize(3);
		assertThat(recorder.ended).isNotDone();
		get(recorder.subscribed).request(16);
		await().until(() -> recorder.results.size() == 19);
		assertThat(recorder.ended).isNotDone();
		get(recorder.subscribed).request(1);
		get(recorder.ended);
		assertThat(recorder.results).extracting(PublishResult::index)
			.isEqualTo(IntStream.range(0, 20).mapToObj(Long::valueOf).toList());
		assertThat(recorder.results).allMatch(PublishResult::isAcked);
	}

	@Test
	void sendsNothingBeforeTheFirstDemand() {
		Recorder recorder = new Recorder(0);
		AtomicInteger given = new AtomicInteger();
		this.client.publishBulk(orders(20).peek((request) -> given.incrementAndGet())).publisher().subscribe(recorder);
		get(recorder.subscribed);
		assertThat(given).hasValue(0);
		get(recorder.subscribed).request(Long.MAX_VALUE);
		get(recorder.subscribed).request(Long.MAX_VALUE);
		get(recorder.ended);
		assertThat(recorder.results).hasSize(20);
	}

	@Test
	void demandsOneByOneWithinTheWindow() {
		Recorder recorder = new Recorder(1) {

			@Override
			public void onNext(PublishResult<BulkRequest> result) {
				super.onNext(result);
				get(this.subscribed).request(1);
			}

		};
		AtomicInteger given = new AtomicInteger();
		AtomicInteger ahead = new AtomicInteger();
		Stream<BulkRequest> source = orders(3000).peek((request) -> {
			int open = given.incrementAndGet() - recorder.results.size();
			ahead.accumulateAndGet(open, Math::max);
		});
		this.client.publishBulk(source).maxInFlight(40).publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.results).hasSize(3000);
		// A result counts as read a moment before the subscriber has noted it.
		assertThat(ahead.get()).isLessThanOrEqualTo(41);
		assertThat(this.orders.values()).hasSize(3000).isSorted();
		assertThat(recorder.overlaps).hasValue(0);
	}

	@Test
	void aFailedRequestIsAResult() {
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		this.client.publishBulk(List.of(order(0), BulkRequest.of("nowhere", Message.of("k", "v")), order(1)))
			.publisher()
			.subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.results).extracting(PublishResult::isFailed).containsExactly(false, true, false);
		assertThat(recorder.results.get(1).failure()).isInstanceOf(StreamNotFoundException.class);
	}

	@Test
	void tellsAFailureOfTheSourceAfterTheResults() {
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		Stream<BulkRequest> source = orders(100).peek((request) -> {
			if (request.message().value()[6] == '9') {
				throw new IllegalStateException("no more paper");
			}
		});
		this.client.publishBulk(source).publisher().subscribe(recorder);
		assertThat(failure(recorder.ended)).isInstanceOf(BulkSourceException.class)
			.hasMessageContaining("after 9 requests");
		assertThat(recorder.results).hasSize(9);
	}

	@Test
	void cancellingTakesNothingMoreAndClosesTheSource() {
		AtomicInteger given = new AtomicInteger();
		AtomicBoolean closed = new AtomicBoolean();
		Stream<BulkRequest> source = Stream.generate(() -> order(given.getAndIncrement()))
			.onClose(() -> closed.set(true));
		Recorder recorder = new Recorder(Long.MAX_VALUE) {

			@Override
			public void onNext(PublishResult<BulkRequest> result) {
				super.onNext(result);
				get(this.subscribed).cancel();
				get(this.subscribed).cancel();
				get(this.subscribed).request(1);
			}

		};
		this.client.publishBulk(source).maxInFlight(10).publisher().subscribe(recorder);
		await().untilTrue(closed);
		await().until(() -> this.broker.publishCalls().get(0).isEnded());
		assertThat(recorder.results).hasSize(1);
		assertThat(recorder.ended).isNotDone();
		assertThat(given.get()).isLessThanOrEqualTo(11);
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().contains("-bulk-")));
	}

	private static Stream<BulkRequest> ordersOfWhichTheLastWaits(int count, CountDownLatch latch) {
		return orders(count).peek((request) -> {
			if (request.message().value()[6] == '0' + count - 1) {
				try {
					latch.await();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		});
	}

	@Test
	void aSourceThatWaitsHoldsUpNoResult() {
		CountDownLatch wait = new CountDownLatch(1);
		Stream<BulkRequest> source = ordersOfWhichTheLastWaits(3, wait);
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		this.client.publishBulk(source).publisher().subscribe(recorder);
		await().until(() -> recorder.results.size() == 2);
		wait.countDown();
		get(recorder.ended);
		assertThat(recorder.results).hasSize(3);
	}

	@Test
	void cancellingWakesASourceThatWaits() {
		CountDownLatch never = new CountDownLatch(1);
		AtomicBoolean closed = new AtomicBoolean();
		Stream<BulkRequest> source = ordersOfWhichTheLastWaits(2, never).onClose(() -> closed.set(true));
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		this.client.publishBulk(source).publisher().subscribe(recorder);
		await().until(() -> recorder.results.size() == 1);
		get(recorder.subscribed).cancel();
		await().untilTrue(closed);
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().contains("-bulk-requests")));
		assertThat(recorder.ended).isNotDone();
	}

	@Test
	void aBatchThatIsNotFullWaitsForNoSourceThatWaits() {
		CountDownLatch wait = new CountDownLatch(1);
		Stream<BulkRequest> source = ordersOfWhichTheLastWaits(3, wait);
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		this.client.publishBulk(source)
			.producers((producer) -> producer.batch(BatchSize.fixed(100)))
			.publisher()
			.subscribe(recorder);
		await().until(() -> recorder.results.size() == 2);
		wait.countDown();
		get(recorder.ended);
		assertThat(recorder.results).hasSize(3).allMatch(PublishResult::isAcked);
	}

	@Test
	void anErrorIsTheResultOfItsRequestToo() {
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		AtomicBoolean checked = new AtomicBoolean();
		this.client.publishBulk(List.of(order(0), order(1))).producers((producer) -> {
			if (!checked.compareAndSet(false, true)) {
				throw new AssertionError("no such library");
			}
		}).publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.results).hasSize(2)
			.allSatisfy((result) -> assertThat(result.failure()).isInstanceOf(LiftbridgeException.class)
				.hasMessageContaining("no such library")
				.hasMessageContaining("of a bulk was not sent")
				.hasRootCauseInstanceOf(AssertionError.class));
	}

	@Test
	void refusesASecondSubscriberAndAnEmptyDemand() {
		Recorder first = new Recorder(0);
		Flow.Publisher<PublishResult<BulkRequest>> publisher = this.client.publishBulk(orders(1)).publisher();
		publisher.subscribe(first);
		Recorder second = new Recorder(1);
		publisher.subscribe(second);
		assertThat(second.ended).isCompletedExceptionally();
		get(first.subscribed).request(0);
		await().until(first.ended::isCompletedExceptionally);
		assertThat(first.results).isEmpty();
	}

	@Test
	void whatIsNotAwaitedIsAResultToo() {
		this.broker.onPublish((request, call) -> {
		});
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		this.client.publishBulk(orders(5)).awaitAcks(false).publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.results).hasSize(5).noneMatch(PublishResult::isAcked).noneMatch(PublishResult::isFailed);
	}

	@Test
	void waitsForNoBatchThatIsNotFull() {
		CompletableFuture<Integer> count = new CompletableFuture<>();
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(100)).build();
		AtomicInteger results = new AtomicInteger();
		producer.publishBulk(orders(250).map(BulkRequest::message)).publisher().subscribe(new Flow.Subscriber<>() {

			@Override
			public void onSubscribe(Flow.Subscription subscription) {
				subscription.request(Long.MAX_VALUE);
			}

			@Override
			public void onNext(PublishResult<Message> result) {
				results.incrementAndGet();
			}

			@Override
			public void onError(Throwable failure) {
				count.completeExceptionally(failure);
			}

			@Override
			public void onComplete() {
				count.complete(results.get());
			}

		});
		assertThat(get(count)).isEqualTo(250);
	}

	@Test
	void asksAPublisherForNoMoreThanItsWindow() {
		Numbers source = new Numbers(5000);
		AtomicLong read = new AtomicLong();
		BulkSummary summary;
		AtomicLong most = new AtomicLong();
		source.onRequest = (asked) -> most.accumulateAndGet(asked - read.get(), Math::max);
		try (BulkResults<BulkRequest> results = this.client.publishBulk(source).maxInFlight(64).results()) {
			results.forEach((result) -> {
				assertThat(result.isAcked()).isTrue();
				read.incrementAndGet();
			});
		}
		assertThat(read).hasValue(5000);
		// The one that is just being read is not counted.
		assertThat(most.get()).isLessThanOrEqualTo(65);
		assertThat(source.requests.get()).isLessThan(2500);
		assertThat(this.orders.values()).hasSize(5000).isSorted();
		summary = this.client.publishBulk(new Numbers(10)).maxInFlight(1).run();
		assertThat(summary.acked()).isEqualTo(10);
		summary = this.client.publishBulk(new Numbers(100)).maxInFlightBytes(1).run();
		assertThat(summary.acked()).isEqualTo(100);
	}

	@Test
	void takesAPublisherOfAnotherThread() {
		int count = 20_000;
		Recorder recorder = new Recorder(Long.MAX_VALUE);
		try (SubmissionPublisher<BulkRequest> source = new SubmissionPublisher<>()) {
			this.client.publishBulk(source).maxInFlight(500).publisher().subscribe(recorder);
			await().until(source::hasSubscribers);
			IntStream.range(0, count).forEach((i) -> source.submit(order(i)));
		}
		get(recorder.ended);
		assertThat(recorder.results).hasSize(count).allMatch(PublishResult::isAcked);
		assertThat(this.orders.values()).hasSize(count).isSorted();
	}

	@Test
	void endsWithTheClientAlthoughTheSourceGivesNothing() {
		try (SubmissionPublisher<BulkRequest> source = new SubmissionPublisher<>()) {
			Recorder recorder = new Recorder(Long.MAX_VALUE);
			this.client.publishBulk(source).publisher().subscribe(recorder);
			BulkPublish<BulkRequest> bulk = this.client.publishBulk(source);
			CompletableFuture<BulkSummary> summary = CompletableFuture.supplyAsync(bulk::run);
			await().until(() -> source.getNumberOfSubscribers() == 2);
			source.submit(order(0));
			await().until(() -> recorder.results.size() == 1);
			this.client.close();
			assertThat(failure(recorder.ended)).isInstanceOf(ClientClosedException.class);
			assertThat(failure(summary)).isInstanceOf(ClientClosedException.class);
			await().until(() -> source.getNumberOfSubscribers() == 0);
		}
	}

	@Test
	void aPublisherThatFailsOrIsCancelled() {
		Numbers failing = new Numbers(10);
		failing.failAt = 7;
		BulkResults<BulkRequest> results = this.client.publishBulk(failing).results();
		for (int i = 0; i < 7; i++) {
			assertThat(results.next().isAcked()).isTrue();
		}
		assertThatExceptionOfType(BulkSourceException.class).isThrownBy(results::hasNext)
			.satisfies((ex) -> assertThat(ex.requests()).isEqualTo(7));
		Numbers endless = new Numbers(Long.MAX_VALUE);
		try (BulkResults<BulkRequest> some = this.client.publishBulk(endless).maxInFlight(20).results()) {
			assertThat(some.next().isAcked()).isTrue();
		}
		assertThat(endless.cancelled).isTrue();
		assertThat(endless.given.get()).isLessThanOrEqualTo(21);
	}

	/** Gives synchronously what it is asked for. */
	private static final class Numbers implements Flow.Publisher<BulkRequest> {

		private final long most;

		private final AtomicLong given = new AtomicLong();

		private final AtomicLong asked = new AtomicLong();

		private final AtomicInteger requests = new AtomicInteger();

		private volatile boolean cancelled;

		private long failAt = -1;

		private java.util.function.LongConsumer onRequest = (asked) -> {
		};

		Numbers(long most) {
			this.most = most;
		}

		@Override
		public void subscribe(Flow.Subscriber<? super BulkRequest> subscriber) {
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long count) {
					Numbers.this.requests.incrementAndGet();
					Numbers.this.onRequest.accept(Numbers.this.asked.addAndGet(count));
					for (long i = 0; i < count && !Numbers.this.cancelled; i++) {
						if (Numbers.this.given.get() == Numbers.this.failAt) {
							Numbers.this.cancelled = true;
							subscriber.onError(new IllegalStateException("broken"));
						}
						else if (Numbers.this.given.get() == Numbers.this.most) {
							Numbers.this.cancelled = true;
							subscriber.onComplete();
						}
						else {
							subscriber.onNext(order(Numbers.this.given.getAndIncrement()));
						}
					}
				}

				@Override
				public void cancel() {
					Numbers.this.cancelled = true;
				}

			});
		}

	}

	private static class Recorder implements Flow.Subscriber<PublishResult<BulkRequest>> {

		final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

		final CompletableFuture<Void> ended = new CompletableFuture<>();

		final List<PublishResult<BulkRequest>> results = Collections.synchronizedList(new ArrayList<>());

		final AtomicInteger overlaps = new AtomicInteger();

		private final AtomicBoolean inside = new AtomicBoolean();

		private final long demand;

		Recorder(long demand) {
			this.demand = demand;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscribed.complete(subscription);
			if (this.demand > 0) {
				subscription.request(this.demand);
			}
		}

		@Override
		public void onNext(PublishResult<BulkRequest> result) {
			if (!this.inside.compareAndSet(false, true)) {
				this.overlaps.incrementAndGet();
			}
			this.results.add(result);
			this.inside.set(false);
		}

		@Override
		public void onError(Throwable failure) {
			this.ended.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.ended.complete(null);
		}

	}

}
