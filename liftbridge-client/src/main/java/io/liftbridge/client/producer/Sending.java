package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;
import org.jspecify.annotations.Nullable;

/**
 * A message whose fate is open. It is its own future, so that a message costs one object.
 */
abstract class Sending extends CompletableFuture<Ack> {

	final Message message;

	/** What it takes of the bytes that may be on their way. */
	final int bytes;

	final boolean acknowledged;

	/** Whether the future never leaves {@code sendAndWait}. */
	final boolean awaited;

	final long startNanos;

	/**
	 * Since when the time runs within which it must be acknowledged. Set before it is on
	 * its way.
	 */
	private long dueSinceNanos;

	/** Decided before it goes on its way. */
	int partition = Message.ANY_PARTITION;

	/** Whether it may wait in a batch until somebody wants it. */
	private boolean collectable;

	/** The batch it is collected in, if any. */
	private volatile @Nullable Batch batch;

	/** Whether whoever was to wait for it does so no more. */
	private volatile boolean forsaken;

	/** Whether somebody waits for it. */
	private volatile boolean wanted;

	private @Nullable Ack ack;

	private @Nullable LiftbridgeException failure;

	Sending(Message message, int bytes, boolean acknowledged, boolean awaited, long startNanos) {
		this.message = message;
		this.bytes = bytes;
		this.acknowledged = acknowledged;
		this.awaited = awaited;
		this.startNanos = startNanos;
		this.dueSinceNanos = startNanos;
	}

	void partition(int chosen) {
		this.partition = chosen;
	}

	void collectable(boolean may) {
		this.collectable = may;
	}

	boolean isCollectable() {
		return this.collectable;
	}

	/** It is collected. Returns whether somebody waits for it already. */
	boolean collected(Batch into) {
		this.batch = into;
		return this.wanted;
	}

	@Nullable Batch batch() {
		return this.batch;
	}

	final long dueSinceNanos() {
		return this.dueSinceNanos;
	}

	final void dueSince(long nanos) {
		this.dueSinceNanos = nanos;
	}

	/** How many messages of the user's own it is. */
	int count() {
		return 1;
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Sending resolve(Ack stored) {
		this.ack = stored;
		return this;
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Sending resolve(LiftbridgeException why) {
		this.failure = why;
		return this;
	}

	@Nullable Ack ack() {
		return this.ack;
	}

	@Nullable LiftbridgeException failure() {
		return this.failure;
	}

	/** Nobody will look at the outcome that was to be awaited. */
	void forsake() {
		this.forsaken = true;
	}

	/** Whether its outcome is told by the one who awaits it. */
	final boolean isWatched() {
		return this.awaited && !this.forsaken;
	}

	/** How many messages failed that nobody looks at; dropped ones were meant to. */
	int unobserved() {
		return (this.failure != null && getNumberOfDependents() == 0 && !isWatched()
				&& !(this.failure instanceof UnroutableException)) ? 1 : 0;
	}

	/**
	 * Tells the outcome.
	 * @param now when it became known, by {@link System#nanoTime}: a look at the clock
	 * for each message would take longer than all the rest
	 */
	void tell(ProducerListener listener, long now) {
		if (this.failure != null) {
			completeExceptionally(this.failure);
			listener.onFailure(this.message, this.failure);
		}
		else if (this.ack != null) {
			complete(this.ack);
			listener.onAck(this.message, this.ack, now - this.startNanos);
		}
	}

	/** Somebody waits: a batch that waits for more must not. */
	void want() {
		if (isDone()) {
			return;
		}
		this.wanted = true;
		Batch collecting = this.batch;
		if (collecting != null) {
			collecting.want();
		}
	}

	@Override
	public Ack get() throws InterruptedException, ExecutionException {
		want();
		return super.get();
	}

	@Override
	public Ack get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		want();
		return super.get(timeout, unit);
	}

	@Override
	public Ack join() {
		want();
		return super.join();
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return (this.collectable && !isDone()) ? new Derived<>(this) : new CompletableFuture<>();
	}

	/**
	 * What is made of the future of a message that is collected: waiting for it is
	 * waiting for the message.
	 */
	private static final class Derived<T> extends CompletableFuture<T> {

		private final Sending source;

		Derived(Sending source) {
			this.source = source;
		}

		@Override
		public T get() throws InterruptedException, ExecutionException {
			this.source.want();
			return super.get();
		}

		@Override
		public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
			this.source.want();
			return super.get(timeout, unit);
		}

		@Override
		public T join() {
			this.source.want();
			return super.join();
		}

		@Override
		public <U> CompletableFuture<U> newIncompleteFuture() {
			return new Derived<>(this.source);
		}

	}

}
