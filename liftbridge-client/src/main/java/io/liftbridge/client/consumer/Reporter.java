package io.liftbridge.client.consumer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
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

	private final Notices notices;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<EndReason> ended = new CompletableFuture<>();

	/** Whether somebody learns of a failure. */
	private volatile boolean observed;

	/** Whether somebody learns of one before the start. */
	private volatile boolean startObserved;

	/**
	 * Creates it.
	 * @param subscription what is told about
	 * @param listener the user's
	 * @param observed whether somebody else tells the user of a failure
	 * @param threads where the user is told
	 */
	Reporter(PartitionSubscription subscription, SubscriptionListener listener, boolean observed, Executor threads) {
		this.subscription = subscription;
		this.listener = listener;
		this.observed = observed || listener != SubscriptionListener.NONE;
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

	void malformed(MalformedEntryException malformed) {
		this.notices.post(() -> this.listener.onMalformed(this.subscription, malformed));
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
		this.notices.post(() -> {
			if (!this.observed && (!this.startObserved || this.started.isDone())) {
				log(failure);
			}
		});
		this.notices.post(() -> this.started.completeExceptionally(failure));
		this.notices.post(() -> this.listener.onFailure(this.subscription, failure));
		this.notices.post(() -> this.ended.completeExceptionally(failure));
	}

	/** A subscription that ends unseen looks like a stream without messages. */
	private void log(Throwable failure) {
		String what = "The subscription to " + this.subscription + " has failed and delivers nothing more; nobody has"
				+ " asked for ended() so far, and it has no listener";
		if (failure instanceof LiftbridgeException) {
			logger.error("{}: {}", what, failure.toString());
		}
		else {
			logger.error("{}. It has processed the messages up to offset {} (-1: none): {}", what,
					this.subscription.lastProcessed(), failure.toString(), failure);
		}
	}

	/** What the user gets, who then learns of a failure before the start. */
	CompletableFuture<Void> observeStart() {
		this.startObserved = true;
		return this.started.copy();
	}

	/** What the user gets, who then learns of a failure. */
	CompletableFuture<EndReason> observeEnd() {
		this.observed = true;
		return this.ended.copy();
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
