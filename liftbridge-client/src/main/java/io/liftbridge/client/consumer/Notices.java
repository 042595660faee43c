package io.liftbridge.client.consumer;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.cluster.Cluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the user's listener and completes the user's futures, in order, on the client's
 * threads: user code must not hold up a thread that receives for others. For use inside
 * the client.
 */
public final class Notices {

	private static final Logger logger = LoggerFactory.getLogger(Notices.class);

	private final Object source;

	private final Executor threads;

	private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable Thread runner;

	/**
	 * Creates it.
	 * @param source what the notices are about, for the log
	 * @param threads where they run
	 */
	public Notices(Object source, Executor threads) {
		this.source = source;
		this.threads = threads;
	}

	/**
	 * Runs something after what was posted before.
	 * @param notice what to run; what it throws is logged
	 */
	public void post(Runnable notice) {
		this.queue.add(notice);
		if (this.pending.getAndIncrement() == 0) {
			try {
				this.threads.execute(this::run);
			}
			catch (Throwable ex) {
				// The client is closed, or there is no thread: whoever waits must still
				// learn the end.
				run();
			}
		}
	}

	/**
	 * Hands an outcome over to the user.
	 * @param done what completes on a thread of the network
	 * @return completes on a thread of the client
	 */
	public CompletableFuture<Void> tell(CompletableFuture<Void> done) {
		CompletableFuture<Void> result = new CompletableFuture<>();
		done.whenComplete((nothing, refused) -> post(() -> {
			if (refused != null) {
				result.completeExceptionally(Cluster.unwrap(refused));
			}
			else {
				result.complete(null);
			}
		}));
		return result;
	}

	/**
	 * Whether the present thread runs a notice.
	 * @return whether it does
	 */
	public boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	private void run() {
		do {
			Runnable next = this.queue.poll();
			if (next != null) {
				this.runner = Thread.currentThread();
				try {
					next.run();
				}
				catch (Throwable ex) {
					logger.warn("The listener of {} failed", this.source, ex);
				}
				this.runner = null;
			}
		}
		while (this.pending.decrementAndGet() != 0);
	}

}
