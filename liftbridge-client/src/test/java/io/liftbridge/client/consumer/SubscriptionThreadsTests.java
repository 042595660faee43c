package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who runs what the user has given, and what happens if nobody does. */
class SubscriptionThreadsTests extends FakeClusterTest {

	private final Collector collector = new Collector();

	private final List<String> told = Collections.synchronizedList(new ArrayList<>());

	private SubscriptionBuilder subscribe() {
		return this.client.subscribe("orders").from(StartPosition.earliest()).handler(this.collector);
	}

	private void tell(String what) {
		this.told.add(what + " " + Thread.currentThread().getName().replaceAll("-\\d+$", ""));
	}

	private final SubscriptionListener threads = new SubscriptionListener() {

		@Override
		public void onLive(Subscription subscription, String broker) {
			tell("live");
		}

		@Override
		public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
			tell("interrupted");
		}

		@Override
		public void onEnd(Subscription subscription, EndReason reason) {
			tell("end");
		}

		@Override
		public void onFailure(Subscription subscription, Throwable failure) {
			tell("failure");
		}

	};

	@Test
	void tellsInOrderOnThreadsOfTheClient() {
		client(builder().clientId("c"));
		CompletableFuture<Void> opened = new CompletableFuture<>();
		this.broker.onSubscribe((call) -> opened.thenRun(call::serve));
		Subscription subscription = subscribe().listener(this.threads).start();
		CompletableFuture<Void> started = subscription.started().thenRun(() -> tell("started"));
		CompletableFuture<Void> ended = subscription.ended().thenRun(() -> tell("ended"));
		await().until(() -> !this.broker.subscriberCalls().isEmpty());
		opened.complete(null);
		get(started);
		this.broker.subscriberCalls().get(0).end(Status.UNAVAILABLE);
		await().until(() -> this.told.size() == 4);
		this.broker.subscriberCalls()
			.get(1)
			.end(Status.RESOURCE_EXHAUSTED.withDescription("End of readonly partition"));
		get(ended);
		assertThat(this.told).containsExactly("live c-handler", "started c-handler", "interrupted c-handler",
				"live c-handler", "end c-handler", "ended c-handler");
	}

	@Test
	void tellsOfAFailureOnAThreadOfTheClient() {
		client(builder().clientId("c"));
		CompletableFuture<Void> opened = new CompletableFuture<>();
		this.broker.onSubscribe((call) -> opened.thenRun(call::live));
		Subscription subscription = subscribe().listener(this.threads).executor((task) -> {
			throw new RejectedExecutionException("no thread");
		}).start();
		CompletableFuture<Void> ended = subscription.ended().handle((reason, failure) -> {
			tell("ended " + failure.getCause().getMessage());
			return null;
		});
		await().until(() -> !this.broker.subscriberCalls().isEmpty());
		opened.complete(null);
		get(subscription.started());
		this.broker.subscriberCalls().get(0).send(0);
		get(ended);
		assertThat(this.told).containsExactly("live c-handler", "failure c-handler", "ended no thread c-handler");
	}

	@Test
	void aListenerThatBlocksHoldsUpNoOtherSubscription() {
		this.orders.append("a");
		CountDownLatch release = new CountDownLatch(1);
		CompletableFuture<Void> blocked = new CompletableFuture<>();
		Collector other = new Collector();
		try {
			Subscription first = this.client.subscribe("orders")
				.from(StartPosition.earliest())
				.handler(other)
				.listener(new SubscriptionListener() {

					@Override
					public void onLive(Subscription subscription, String broker) {
						blocked.complete(null);
						try {
							release.await();
						}
						catch (InterruptedException ex) {
							Thread.currentThread().interrupt();
						}
					}

				})
				.start();
			get(blocked);
			get(subscribe().start().started());
			await().until(() -> this.collector.size() == 1 && other.size() == 1);
			assertThat(first.started()).isNotDone();
		}
		finally {
			release.countDown();
		}
	}

	@Test
	void manyAreToldOnAFewThreads() {
		int many = 60;
		Set<Thread> tellers = ConcurrentHashMap.newKeySet();
		AtomicInteger interrupted = new AtomicInteger();
		CountDownLatch never = new CountDownLatch(1);
		SubscriptionListener listener = new SubscriptionListener() {

			@Override
			public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
				tellers.add(Thread.currentThread());
				try {
					// Long enough for others to want a thread, and too short to be
					// replaced.
					never.await(20, TimeUnit.MILLISECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				interrupted.incrementAndGet();
			}

		};
		List<Subscription> subscriptions = Stream.generate(() -> subscribe().listener(listener).start())
			.limit(many)
			.toList();
		subscriptions.forEach((subscription) -> get(subscription.started()));
		List.copyOf(this.broker.subscriberCalls()).forEach((call) -> call.end(Status.UNAVAILABLE));
		await().until(() -> interrupted.get() >= many);
		assertThat(tellers).hasSizeLessThan(many / 2);
	}

	/** Whoever happens to start it, for instance a thread of the common pool. */
	@Test
	void handlersSeeTheClassesOfWhoeverMadeTheClient() {
		this.orders.append("a");
		CompletableFuture<ClassLoader> seen = new CompletableFuture<>();
		Thread other = new Thread(() -> this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler((message) -> seen.complete(Thread.currentThread().getContextClassLoader()))
			.start());
		other.setContextClassLoader(ClassLoader.getPlatformClassLoader());
		client(builder());
		other.start();
		assertThat(get(seen)).isSameAs(Thread.currentThread().getContextClassLoader());
	}

	@Test
	void closesFromWithinItsListener() {
		AtomicReference<Boolean> closed = new AtomicReference<>();
		Subscription subscription = subscribe().listener(new SubscriptionListener() {

			@Override
			public void onLive(Subscription live, String broker) {
				closed.set(live.close(LONG.plus(LONG)));
			}

		}).start();
		assertThat(get(subscription.ended())).isEqualTo(EndReason.CLOSED);
		assertThat(closed).hasValue(true);
	}

	@Test
	void failsWhenItsExecutorIsEndedWithWhatItWasToDeliver() throws Exception {
		client(builder().metadataRefreshInterval(Duration.ofMillis(200)));
		ExecutorService one = Executors.newSingleThreadExecutor();
		CountDownLatch busy = new CountDownLatch(1);
		one.execute(() -> {
			busy.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		busy.await();
		AtomicReference<Boolean> asked = new AtomicReference<>(false);
		Subscription subscription = subscribe().executor(new Forwarder(one, asked)).start();
		get(subscription.started());
		this.orders.append("a");
		await().until(asked::get);
		one.shutdownNow();
		await().until(() -> subscription.ended().isDone());
		assertThat(subscription.ended().handle((reason, failure) -> failure.getCause()).join())
			.isInstanceOf(RejectedExecutionException.class)
			.hasMessageContaining("executor");
		assertThat(this.collector.size()).isZero();
	}

	@Test
	void isClosedAtOnceAlthoughItsExecutorIsBusy() {
		AtomicReference<Runnable> task = new AtomicReference<>();
		this.orders.append("a");
		Subscription subscription = subscribe().executor(task::set).start();
		await().until(() -> task.get() != null);
		assertThat(subscription.close(LONG)).isTrue();
		task.get().run();
		assertThat(this.collector.size()).isZero();
	}

	@Test
	void failsWhilePaused() {
		Subscription subscription = subscribe().start();
		get(subscription.started());
		subscription.pause();
		this.orders.append("a");
		this.cluster.remove("orders");
		this.broker.subscriberCalls().get(0).end(Status.NOT_FOUND.withDescription("commit log was deleted"));
		assertThat(failure(subscription.ended())).isInstanceOf(StreamNotFoundException.class);
		assertThat(this.collector.size()).isZero();
	}

	/** Tells that it was asked for a thread. */
	private static final class Forwarder extends java.util.concurrent.AbstractExecutorService {

		private final ExecutorService target;

		private final AtomicReference<Boolean> asked;

		Forwarder(ExecutorService target, AtomicReference<Boolean> asked) {
			this.target = target;
			this.asked = asked;
		}

		@Override
		public void execute(Runnable task) {
			this.target.execute(task);
			this.asked.set(true);
		}

		@Override
		public void shutdown() {
			this.target.shutdown();
		}

		@Override
		public List<Runnable> shutdownNow() {
			return this.target.shutdownNow();
		}

		@Override
		public boolean isShutdown() {
			return this.target.isShutdown();
		}

		@Override
		public boolean isTerminated() {
			return this.target.isTerminated();
		}

		@Override
		public boolean awaitTermination(long timeout, java.util.concurrent.TimeUnit unit) throws InterruptedException {
			return this.target.awaitTermination(timeout, unit);
		}

	}

}
