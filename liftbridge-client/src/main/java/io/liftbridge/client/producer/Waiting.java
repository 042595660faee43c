package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message that waits for its turn.
 */
final class Waiting {

	final Sending sending;

	final long deadline;

	/** Whether a caller waits, who is told of a failure by an exception. */
	final boolean blocking;

	/** Completes once the message is on its way; with its failure, if a caller waits. */
	final CompletableFuture<Void> admitted = new CompletableFuture<>();

	/** Whether somebody asks brokers for the partition. */
	volatile boolean lookedUp;

	/** Whoever claims it decides what becomes of it. */
	private final AtomicBoolean claimed = new AtomicBoolean();

	Waiting(Sending sending, long deadline, boolean blocking) {
		this.sending = sending;
		this.deadline = deadline;
		this.blocking = blocking;
	}

	boolean claim() {
		return this.claimed.compareAndSet(false, true);
	}

	boolean isClaimed() {
		return this.claimed.get();
	}

}
