package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.cluster.SharedThreads;
import io.liftbridge.spring.listener.delivery.CursorPace;

/**
 * The threads that all containers of a factory share. The timer never blocks; it is the
 * one that keeps an application alive that has nothing but listeners. What may block,
 * asking brokers, runs on a few threads that go when they are idle.
 */
final class ListenerThreads {

	/** Together with all others no more than 32, however many listeners there are. */
	private static final int WORKER_THREADS = 12;

	/** Partitions without a leader hold them up, but then there are more. */
	private static final int CONTROL_THREADS = 6;

	private static final long IDLE_SECONDS = 10;

	private final ScheduledThreadPoolExecutor timer;

	private final SharedThreads control;

	private final SharedThreads workers;

	private final ThreadPoolExecutor events;

	private final CursorPace cursorPace = new CursorPace();

	private final ExecutorService replies = new ThreadPoolExecutor(0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS,
			new SynchronousQueue<>(), named("liftbridge-listener-reply", true));

	ListenerThreads() {
		this.timer = new ScheduledThreadPoolExecutor(1, named("liftbridge-listener-timer", false));
		this.timer.setRemoveOnCancelPolicy(true);
		this.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		Duration idleTime = Duration.ofSeconds(IDLE_SECONDS);
		this.control = new SharedThreads("liftbridge-listener-control", CONTROL_THREADS, Duration.ofSeconds(2),
				this::schedule, idleTime);
		// A listener that computes has a right to a processor.
		int workers = Math.max(WORKER_THREADS, Runtime.getRuntime().availableProcessors());
		this.workers = new SharedThreads("liftbridge-listener-worker", workers, Duration.ofMillis(200), this::schedule,
				idleTime);
		this.events = fixed(1, "liftbridge-listener-events");
	}

	private void schedule(Runnable task, Duration delay) {
		this.timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private static ThreadPoolExecutor fixed(int count, String prefix) {
		ThreadPoolExecutor threads = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), named(prefix, true));
		threads.allowCoreThreadTimeOut(true);
		return threads;
	}

	/** Keeps the application alive from now on. */
	void begin() {
		this.timer.prestartCoreThread();
	}

	/** How many cursors are written to at the moment. */
	CursorPace cursorPace() {
		return this.cursorPace;
	}

	ScheduledThreadPoolExecutor timer() {
		return this.timer;
	}

	Executor control() {
		return this.control.named("liftbridge-listener-control");
	}

	/** One thread, so that the application hears of events in their order. */
	Executor events() {
		return this.events;
	}

	/** Continue what listeners have finished on threads of their own. */
	Executor replies() {
		return this.replies;
	}

	void close() {
		this.timer.shutdownNow();
		this.events.shutdownNow();
		this.replies.shutdown();
		this.control.closeNow();
		this.workers.close();
	}

	/** Threads that are named after the listener while they run it. */
	Executor workers(String listenerId) {
		return this.workers.named(listenerId);
	}

	private static ThreadFactory named(String prefix, boolean daemon) {
		// Not that of whoever needs a thread first, which may know less.
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
			thread.setDaemon(daemon);
			thread.setContextClassLoader(classLoader);
			return thread;
		};
	}

}
