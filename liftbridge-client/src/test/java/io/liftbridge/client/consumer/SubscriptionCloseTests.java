package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.ClientClosedException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class SubscriptionCloseTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	private SubscriptionBuilder subscribe() {
		return this.client.subscribe("orders").handler(this.collector);
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	@Test
	void closesFromWithinItsHandler() {
		store(5);
		AtomicReference<Subscription> self = new AtomicReference<>();
		CountDownLatch ready = new CountDownLatch(1);
		self.set(this.client.subscribe("orders").from(StartPosition.earliest()).handler((message) -> {
			ready.await();
			this.collector.onMessage(message);
			if (message.offset() == 1) {
				self.get().close();
			}
		}).start());
		ready.countDown();
		assertThat(get(self.get().ended())).isEqualTo(EndReason.CLOSED);
		assertThat(this.collector.offsets()).containsExactly(0L, 1L);
	}

	@Test
	void doesNotWaitForABlockedHandlerForEver() {
		store(1);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> {
				entered.countDown();
				release.await();
			})
			.start();
		await().until(() -> entered.getCount() == 0);
		long start = System.nanoTime();
		assertThat(subscription.close(Duration.ofMillis(150))).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(140),
				Duration.ofSeconds(4));
		assertThat(subscription.ended()).isNotDone();
		release.countDown();
		assertThat(subscription.close(LONG)).isTrue();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
	}

	@Test
	void waitsForARunningHandler() {
		store(1);
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger done = new AtomicInteger();
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> {
				entered.countDown();
				release.await();
				done.incrementAndGet();
			})
			.start();
		await().until(() -> entered.getCount() == 0);
		CompletableFuture<Integer> closed = CompletableFuture.supplyAsync(() -> {
			subscription.close();
			return done.get();
		});
		await().during(Duration.ofMillis(50)).until(() -> !closed.isDone());
		release.countDown();
		assertThat(get(closed)).isOne();
	}

	@Test
	void closesBeforeABrokerHasAnswered() {
		this.broker.onSubscribe((call) -> {
		});
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		await().until(() -> !this.broker.subscriberCalls().isEmpty());
		assertThat(subscription.close(LONG)).isTrue();
		assertThat(subscription.close(LONG)).isTrue();
		assertThat(failure(subscription.started())).isInstanceOf(ClientClosedException.class);
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
	}

	@Test
	void closesWithItsClient() {
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		get(subscription.started());
		this.client.close();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> subscribe().start());
	}

	@Test
	void closesItsClientFromWithinItsHandler() {
		store(3);
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> {
				this.collector.onMessage(message);
				this.client.close();
			})
			.start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		assertThat(this.collector.offsets()).containsExactly(0L);
		assertThat(this.client.isClosed()).isTrue();
	}

	@Test
	void closesFromManyThreadsAtOnce() {
		store(500);
		Subscription subscription = subscribe().from(StartPosition.earliest()).start();
		await().until(() -> this.collector.size() > 0);
		List<CompletableFuture<Boolean>> closed = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			closed.add(CompletableFuture.supplyAsync(() -> subscription.close(LONG)));
		}
		assertThat(getAll(closed)).containsOnly(true);
		int delivered = this.collector.size();
		await().during(Duration.ofMillis(50)).until(() -> this.collector.size() == delivered);
	}

	@Test
	void aSubscriptionThatIsStartedWhileTheClientClosesIsClosedWithIt() {
		CompletableFuture<Subscription> second = new CompletableFuture<>();
		this.client.subscribe("orders").handler((message) -> {
		}).listener(new SubscriptionListener() {

			@Override
			public void onEnd(Subscription subscription, EndReason reason) {
				second.complete(SubscriptionCloseTests.this.client.subscribe("orders")
					.from(StartPosition.earliest())
					.handler((message) -> {
					})
					.start());
			}

		}).start();
		this.client.close();
		assertThat(get(get(second).ended())).isEqualTo(EndReason.CLOSED);
	}

}
