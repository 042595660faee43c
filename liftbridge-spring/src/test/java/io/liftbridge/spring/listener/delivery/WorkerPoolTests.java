package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkerPoolTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
	}

	@Test
	void runsAsManyAtATimeAsItMay() {
		WorkerPool pool = new WorkerPool(this.threads, 2);
		AtomicInteger running = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		AtomicInteger done = new AtomicInteger();
		for (int i = 0; i < 1000; i++) {
			pool.execute(() -> {
				most.accumulateAndGet(running.incrementAndGet(), Math::max);
				running.decrementAndGet();
				done.incrementAndGet();
			});
		}
		eventually(() -> assertThat(done).hasValue(1000));
		assertThat(most).hasValueLessThanOrEqualTo(2);
	}

	@Test
	void aTaskThatWaitsLetsOthersRunAndTakesItsTurnAgain() {
		WorkerPool pool = new WorkerPool(this.threads, 1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger inside = new AtomicInteger();
		CompletableFuture<Integer> after = new CompletableFuture<>();
		pool.execute(() -> {
			pool.yielding(() -> awaitQuietly(release));
			// Alone again.
			after.complete(inside.get());
		});
		for (int i = 0; i < 50; i++) {
			pool.execute(() -> {
				inside.incrementAndGet();
				if (inside.get() == 25) {
					release.countDown();
				}
				inside.decrementAndGet();
				inside.addAndGet(1);
			});
		}
		assertThat(after).succeedsWithin(Duration.ofSeconds(10)).satisfies((count) -> assertThat(count).isPositive());
		eventually(() -> assertThat(inside).hasValue(50));
	}

	@Test
	void aTaskThatEndsInItsWaitDoesNotTakeARoomWithIt() {
		WorkerPool pool = new WorkerPool(this.threads, 1);
		for (int i = 0; i < 5; i++) {
			pool.execute(() -> {
				try {
					pool.yielding(() -> {
						throw new DeliveryStoppedException();
					});
				}
				catch (DeliveryStoppedException ex) {
					// As the delivery does.
				}
			});
		}
		CompletableFuture<Void> done = new CompletableFuture<>();
		pool.execute(() -> done.complete(null));
		assertThat(done).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aTaskThatFailsDoesNotEither() {
		WorkerPool pool = new WorkerPool((task) -> this.threads.execute(() -> {
			try {
				task.run();
			}
			catch (IllegalStateException ex) {
				// Not to be printed.
			}
		}), 1);
		pool.execute(() -> {
			throw new IllegalStateException("boom");
		});
		CompletableFuture<Void> done = new CompletableFuture<>();
		pool.execute(() -> done.complete(null));
		assertThat(done).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void saysThatItCannotRunAnythingAndRecovers() {
		AtomicInteger refusals = new AtomicInteger(1);
		WorkerPool pool = new WorkerPool((task) -> {
			if (refusals.getAndDecrement() > 0) {
				throw new RejectedExecutionException("not now");
			}
			this.threads.execute(task);
		}, 1);
		assertThatThrownBy(() -> pool.execute(() -> {
		})).isInstanceOf(RejectedExecutionException.class);
		CompletableFuture<Void> done = new CompletableFuture<>();
		pool.execute(() -> done.complete(null));
		assertThat(done).succeedsWithin(Duration.ofSeconds(10));
	}

	/** For instance those of a pool with few threads and no queue. */
	@Test
	void aThreadThatNobodyReplacesGoesOnItself() {
		AtomicInteger given = new AtomicInteger();
		WorkerPool pool = new WorkerPool((task) -> {
			if (given.getAndIncrement() > 0) {
				throw new RejectedExecutionException("busy");
			}
			this.threads.execute(task);
		}, 2);
		CountDownLatch queued = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		AtomicInteger done = new AtomicInteger();
		pool.execute(() -> {
			awaitQuietly(queued);
			pool.yielding(() -> awaitQuietly(release));
			done.incrementAndGet();
		});
		for (int i = 0; i < 3; i++) {
			assertThatThrownBy(() -> pool.execute(done::incrementAndGet))
				.isInstanceOf(RejectedExecutionException.class);
		}
		queued.countDown();
		release.countDown();
		eventually(() -> assertThat(done).hasValue(4));
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new DeliveryStoppedException();
		}
	}

}
