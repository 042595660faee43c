package io.liftbridge.client.consumer;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the user how a subscription fares: completes its futures and calls its listener,
 * in order, on the client's threads. User code must not hold up a thread that receives
 * for others.
 */
final class Reporter {

	private static final Logger logger = LoggerFactory.getLogger(Reporter.class);

	private final PartitionSubscription subscription;

	private final SubscriptionListener listener;

	private final Executor threads;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<EndReason> ended = new CompletableFuture<>();

	private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable Thread runner;

	Reporter(PartitionSubscription subscription, SubscriptionListener listener, Executor threads) {
		this.subscription = subscription;
		this.listener = listener;
		this.threads = threads;
	}

	void live(String broker) {
		post(() -> this.listener.onLive(this.subscription, broker));
	}

	void started() {
		post(() -> this.started.complete(null));
	}

	void interrupted(LiftbridgeException reason, int attempt) {
		post(() -> this.listener.onInterrupted(this.subscription, reason, attempt));
	}

	void ended(EndReason reason) {
		post(() -> {
			if (reason == EndReason.CLOSED) {
				this.started
					.completeExceptionally(new ClientClosedException(this.subscription + " was closed before it began.",
							null, LiftbridgeException.Outcome.NOT_SENT));
			}
			else {
				// There was nothing to wait for.
				this.started.complete(null);
			}
		});
		post(() -> this.listener.onEnd(this.subscription, reason));
		post(() -> this.ended.complete(reason));
	}

	void failed(Throwable failure) {
		post(() -> this.started.completeExceptionally(failure));
		post(() -> this.listener.onFailure(this.subscription, failure));
		post(() -> this.ended.completeExceptionally(failure));
	}

	CompletableFuture<Void> whenStarted() {
		return this.started;
	}

	CompletableFuture<EndReason> whenEnded() {
		return this.ended;
	}

	/** Whether the present thread is one of the user's callbacks. */
	boolean isRunnerThread() {
		return this.runner == Thread.currentThread();
	}

	private void post(Runnable notification) {
		this.queue.add(notification);
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

	private void run() {
		do {
			Runnable next = this.queue.poll();
			if (next != null) {
				this.runner = Thread.currentThread();
				try {
					next.run();
				}
				catch (Throwable ex) {
					logger.warn("The listener of {} failed", this.subscription, ex);
				}
				this.runner = null;
			}
		}
		while (this.pending.decrementAndGet() != 0);
	}

}
