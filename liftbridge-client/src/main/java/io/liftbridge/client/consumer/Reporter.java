package io.liftbridge.client.consumer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;

/**
 * Tells the user how a subscription fares: completes its futures and calls its listener,
 * in order, on the client's threads. User code must not hold up a thread that receives
 * for others.
 */
final class Reporter {

	private final PartitionSubscription subscription;

	private final SubscriptionListener listener;

	private final Notices notices;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<EndReason> ended = new CompletableFuture<>();

	Reporter(PartitionSubscription subscription, SubscriptionListener listener, Executor threads) {
		this.subscription = subscription;
		this.listener = listener;
		this.notices = new Notices(subscription, threads);
	}

	void live(String broker) {
		this.notices.post(() -> this.listener.onLive(this.subscription, broker));
	}

	void started() {
		this.notices.post(() -> this.started.complete(null));
	}

	void interrupted(LiftbridgeException reason, int attempt) {
		this.notices.post(() -> this.listener.onInterrupted(this.subscription, reason, attempt));
	}

	void notStored(LiftbridgeException reason) {
		this.notices.post(() -> this.listener.onCursorFailure(this.subscription, reason));
	}

	CompletableFuture<Void> tell(CompletableFuture<Void> done) {
		return this.notices.tell(done);
	}

	void ended(EndReason reason) {
		this.notices.post(() -> {
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
		this.notices.post(() -> this.listener.onEnd(this.subscription, reason));
		this.notices.post(() -> this.ended.complete(reason));
	}

	void failed(Throwable failure) {
		this.notices.post(() -> this.started.completeExceptionally(failure));
		this.notices.post(() -> this.listener.onFailure(this.subscription, failure));
		this.notices.post(() -> this.ended.completeExceptionally(failure));
	}

	CompletableFuture<Void> whenStarted() {
		return this.started;
	}

	CompletableFuture<EndReason> whenEnded() {
		return this.ended;
	}

	/** Whether the present thread is one of the user's callbacks. */
	boolean isRunnerThread() {
		return this.notices.isRunnerThread();
	}

}
