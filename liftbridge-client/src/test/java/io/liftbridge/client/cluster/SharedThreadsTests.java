package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class SharedThreadsTests {

	private static final Duration SOON = Duration.ofMillis(20);

	private static final Duration LATER = Duration.ofMinutes(5);

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final CountDownLatch release = new CountDownLatch(1);

	private SharedThreads threads = new SharedThreads("shared", 2, LATER, this::schedule, LATER);

	@AfterEach
	void close() {
		this.release.countDown();
		this.threads.closeNow();
		this.timer.shutdownNow();
	}

	private void schedule(Runnable task, Duration delay) {
		this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	@Test
	void runsShortTasksOnAFewThreads() {
		Set<Thread> used = ConcurrentHashMap.newKeySet();
		AtomicInteger done = new AtomicInteger();
		for (int i = 0; i < 1000; i++) {
			this.threads.named("task" + i).execute(() -> {
				used.add(Thread.currentThread());
				done.incrementAndGet();
			});
		}
		await().untilAsserted(() -> assertThat(done).hasValue(1000));
		assertThat(used).hasSizeLessThanOrEqualTo(2);
	}

	@Test
	void aThreadHasTheNameOfItsTask() {
		CompletableFuture<String> name = new CompletableFuture<>();
		this.threads.named("named-task").execute(() -> name.complete(Thread.currentThread().getName()));
		assertThat(name).succeedsWithin(LATER).isEqualTo("named-task-1");
		await().until(() -> Thread.getAllStackTraces()
			.keySet()
			.stream()
			.noneMatch((thread) -> thread.getName().startsWith("named-task-")));
	}

	/**
	 * For instance a thread of the common pool, which does not see what is in nested
	 * jars.
	 */
	@Test
	void aTaskSeesTheClassesOfTheApplicationWhoeverHandsItIn() throws Exception {
		ClassLoader own = Thread.currentThread().getContextClassLoader();
		CompletableFuture<ClassLoader> first = new CompletableFuture<>();
		CompletableFuture<ClassLoader> second = new CompletableFuture<>();
		Thread other = new Thread(() -> {
			this.threads.named("task").execute(() -> {
				first.complete(Thread.currentThread().getContextClassLoader());
				Thread.currentThread().setContextClassLoader(null);
			});
			this.threads.named("task").execute(() -> second.complete(Thread.currentThread().getContextClassLoader()));
		});
		other.setContextClassLoader(ClassLoader.getPlatformClassLoader());
		other.start();
		assertThat(first).succeedsWithin(LATER).isSameAs(own);
		assertThat(second).succeedsWithin(LATER).isSameAs(own);
		other.join();
	}

	@Test
	void tasksThatAreHeldUpDoNotHoldUpOthers() {
		this.threads = new SharedThreads("shared", 2, SOON, this::schedule, LATER);
		CountDownLatch waiting = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			this.threads.named("task").execute(() -> {
				waiting.countDown();
				try {
					this.release.await();
				}
				catch (InterruptedException ex) {
					// The test has ended.
				}
			});
		}
		await().untilAsserted(() -> assertThat(waiting.getCount()).isZero());
	}

	@Test
	void whatOneThreadCanDoKeepsNoOther() {
		this.threads = new SharedThreads("shared", 2, LATER, this::schedule, Duration.ofSeconds(1));
		Set<Thread> used = ConcurrentHashMap.newKeySet();
		CountDownLatch both = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			this.threads.named("task").execute(() -> {
				used.add(Thread.currentThread());
				both.countDown();
				try {
					both.await();
				}
				catch (InterruptedException ex) {
					// The test has ended.
				}
			});
		}
		await().until(() -> used.size() == 2);
		await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50)).until(() -> {
			this.threads.named("task").execute(() -> {
			});
			return used.stream().anyMatch((thread) -> !thread.isAlive());
		});
	}

	@Test
	void threadsGoWhenTheyAreIdle() {
		this.threads = new SharedThreads("shared", 2, LATER, this::schedule, SOON);
		CompletableFuture<Thread> used = new CompletableFuture<>();
		this.threads.named("task").execute(() -> used.complete(Thread.currentThread()));
		await().until(() -> used.isDone() && !used.join().isAlive());
		CompletableFuture<Thread> another = new CompletableFuture<>();
		this.threads.named("task").execute(() -> another.complete(Thread.currentThread()));
		assertThat(another).succeedsWithin(LATER);
	}

	@Test
	void aTaskThatFailsOrIsInterruptedHasNoEffectOnTheNext() {
		this.threads = new SharedThreads("shared", 1, LATER, this::schedule, LATER);
		CompletableFuture<Throwable> failure = new CompletableFuture<>();
		this.threads.named("task").execute(() -> {
			Thread.currentThread().setUncaughtExceptionHandler((thread, ex) -> failure.complete(ex));
			Thread.currentThread().interrupt();
			throw new IllegalStateException("boom");
		});
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		this.threads.named("task").execute(() -> interrupted.complete(Thread.currentThread().isInterrupted()));
		assertThat(interrupted).succeedsWithin(LATER).isEqualTo(false);
		assertThat(failure).isCompletedWithValueMatching((ex) -> "boom".equals(ex.getMessage()));
	}

	@Test
	void finishesWhatItHasAndTakesNoMoreWhenClosed() {
		this.threads = new SharedThreads("shared", 1, LATER, this::schedule, LATER);
		CompletableFuture<Boolean> last = new CompletableFuture<>();
		this.threads.named("task").execute(() -> {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				last.completeExceptionally(ex);
			}
		});
		this.threads.named("task").execute(() -> last.complete(true));
		this.threads.close();
		assertThatExceptionOfType(RejectedExecutionException.class)
			.isThrownBy(() -> this.threads.named("task").execute(() -> {
			}));
		this.release.countDown();
		assertThat(last).succeedsWithin(LATER).isEqualTo(true);
	}

}
