package io.liftbridge.client.producer;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Where a producer's work is done that is not the caller's: on the user's executor, or on
 * one thread that goes when there is nothing to do. Never refuses.
 */
final class Work implements Executor {

	private static final long IDLE_SECONDS = 10;

	private final Executor executor;

	private final @Nullable ThreadPoolExecutor own;

	private volatile @Nullable Thread ownThread;

	Work(@Nullable Executor given, String name) {
		if (given != null) {
			this.own = null;
			this.executor = given;
		}
		else {
			ThreadPoolExecutor single = ownThread(name);
			this.own = single;
			this.executor = single;
		}
	}

	private ThreadPoolExecutor ownThread(String name) {
		ThreadPoolExecutor single = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, name);
					thread.setDaemon(true);
					this.ownThread = thread;
					return thread;
				});
		single.allowCoreThreadTimeOut(true);
		return single;
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.executor.execute(task);
		}
		catch (Throwable ex) {
			// The executor refuses, or there is no thread: better on this one than never.
			task.run();
		}
	}

	/** Whether this is the one thread. */
	boolean isOwnThread() {
		return Thread.currentThread() == this.ownThread;
	}

	/** What was handed over before is interrupted, or not begun. */
	void interrupt() {
		if (this.own != null) {
			this.own.shutdownNow();
		}
	}

	/** What was handed over before is done yet. */
	void shutdown() {
		if (this.own != null) {
			this.own.shutdown();
		}
	}

}
