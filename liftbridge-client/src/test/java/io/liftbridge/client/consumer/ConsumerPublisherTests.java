package io.liftbridge.client.consumer;

import java.util.Collections;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConsumerPublisherTests extends FakeClusterTest {

	private ConsumerBuilder stored() {
		return this.client.consumer("orders").from(StartPosition.earliest());
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	@Test
	void sendsNoMoreThanWasDemanded() {
		store(20);
		Recorder recorder = new Recorder(0);
		try (Consumer consumer = stored().open()) {
			consumer.publisher().subscribe(recorder);
			get(recorder.subscribed).request(3);
			await().until(() -> recorder.offsets.size() == 3);
			await().during(java.time.Duration.ofMillis(50)).until(() -> recorder.offsets.size() == 3);
			get(recorder.subscribed).request(2);
			await().until(() -> recorder.offsets.size() == 5);
			get(recorder.subscribed).request(Long.MAX_VALUE);
			get(recorder.subscribed).request(Long.MAX_VALUE);
			await().until(() -> recorder.offsets.size() == 20);
			store(5);
			await().until(() -> recorder.offsets.size() == 25);
			assertThat(recorder.offsets).isEqualTo(LongStream.range(0, 25).boxed().toList());
			assertThat(recorder.ended).isNotDone();
		}
		get(recorder.ended);
	}

	@Test
	void completesWithoutFurtherDemand() {
		store(4);
		Recorder recorder = new Recorder(4);
		stored().until(StopPosition.latest()).open().publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.offsets).containsExactly(0L, 1L, 2L, 3L);
		assertThat(recorder.threads).allMatch((name) -> name.contains("-handler-"));
	}

	@Test
	void demandsOneByOne() {
		store(700);
		Recorder recorder = new Recorder(1) {

			@Override
			public void onNext(ReceivedMessage<byte[]> message) {
				super.onNext(message);
				get(this.subscribed).request(1);
			}

		};
		stored().until(StopPosition.latest()).maxPoll(10).open().publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.offsets).isEqualTo(LongStream.range(0, 700).boxed().toList());
	}

	@Test
	void failsWithItsPartition() {
		this.broker.onSubscribe((call) -> {
			call.live();
			call.send(0);
			call.end(Status.NOT_FOUND.withDescription("commit log was deleted"));
		});
		Recorder recorder = new Recorder(10);
		stored().open().publisher().subscribe(recorder);
		assertThat(failure(recorder.ended)).isInstanceOf(StreamNotFoundException.class);
		assertThat(recorder.offsets).containsExactly(0L);
	}

	@Test
	void endsWithItsSubscriber() {
		store(10);
		Recorder recorder = new Recorder(1) {

			@Override
			public void onNext(ReceivedMessage<byte[]> message) {
				super.onNext(message);
				get(this.subscribed).cancel();
				get(this.subscribed).request(5);
			}

		};
		Consumer consumer = stored().open();
		consumer.publisher().subscribe(recorder);
		await().until(consumer::isEnded);
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
		assertThat(recorder.offsets).containsExactly(0L);
		assertThat(recorder.ended).isNotDone();
	}

	@Test
	void refusesASecondSubscriberAndAnEmptyDemand() {
		Consumer consumer = stored().open();
		Recorder first = new Recorder(0);
		consumer.publisher().subscribe(first);
		Recorder second = new Recorder(1);
		consumer.publisher().subscribe(second);
		await().until(second.ended::isCompletedExceptionally);
		assertThat(second.ended.handle((nothing, failure) -> failure).join()).isInstanceOf(IllegalStateException.class);
		get(first.subscribed).request(0);
		await().until(first.ended::isCompletedExceptionally);
		assertThat(first.ended.handle((nothing, failure) -> failure).join())
			.isInstanceOf(IllegalArgumentException.class);
		assertThat(consumer.isEnded()).isTrue();
	}

	@Test
	void goesOnAlthoughItsSubscriberInterruptsTheThread() {
		store(700);
		Recorder recorder = new Recorder(Long.MAX_VALUE) {

			@Override
			public void onNext(ReceivedMessage<byte[]> message) {
				super.onNext(message);
				Thread.currentThread().interrupt();
			}

		};
		stored().until(StopPosition.latest()).maxPoll(10).open().publisher().subscribe(recorder);
		get(recorder.ended);
		assertThat(recorder.offsets).isEqualTo(LongStream.range(0, 700).boxed().toList());
	}

	/** What arrives for it while somebody else waits must not be forgotten. */
	@Test
	void publishesWhatSomebodyElseHasLeft() {
		try (Consumer consumer = stored().open()) {
			CompletableFuture<Long> waiting = new CompletableFuture<>();
			Thread first = new Thread(() -> waiting.complete(consumer.iterator().next().offset()));
			first.start();
			// Else everything is published before it asks.
			await().until(() -> first.getState() == Thread.State.TIMED_WAITING);
			Recorder recorder = new Recorder(1000);
			consumer.publisher().subscribe(recorder);
			get(recorder.subscribed);
			store(100);
			List<Long> all = new ArrayList<>(List.of(get(waiting)));
			await().until(() -> recorder.offsets.size() == 99);
			all.addAll(recorder.offsets);
			assertThat(all).containsExactlyInAnyOrderElementsOf(LongStream.range(0, 100).boxed().toList());
		}
	}

	/** Notes what it is told. */
	private static class Recorder implements Flow.Subscriber<ReceivedMessage<byte[]>> {

		final CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();

		final CompletableFuture<Void> ended = new CompletableFuture<>();

		final List<Long> offsets = Collections.synchronizedList(new ArrayList<>());

		final List<String> threads = Collections.synchronizedList(new ArrayList<>());

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
		public void onNext(ReceivedMessage<byte[]> message) {
			this.threads.add(Thread.currentThread().getName());
			this.offsets.add(message.offset());
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
