package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BulkSourceException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a bulk from being sent until their results are read, in order. One
 * thread at a time adds, one at a time reads; they need not be the same.
 *
 * @param <R> type of the requests
 */
final class BulkQueue<R> {

	private final BulkTarget<R> target;

	private final BulkOptions options;

	/** The last that was read. */
	private @Nullable BulkSlot<R> head;

	private @Nullable BulkSlot<R> tail;

	/** The first of all. */
	private volatile @Nullable BulkSlot<R> first;

	// Each of these has one writer, so that adding to it needs to be no one step.

	private volatile long added;

	private volatile long addedBytes;

	private volatile long taken;

	private volatile long takenBytes;

	private @Nullable LiftbridgeException failure;

	private volatile boolean ended;

	BulkQueue(BulkTarget<R> target, BulkOptions options) {
		this.target = target;
		this.options = options;
	}

	BulkOptions options() {
		return this.options;
	}

	long added() {
		return this.added;
	}

	long taken() {
		return this.taken;
	}

	/** Whether there is room for one more. */
	boolean hasRoom() {
		return this.added - this.taken < this.options.maxInFlight() && roomBytes() > 0;
	}

	/** May be below 0. */
	long roomBytes() {
		return this.options.maxInFlightBytes() - (this.addedBytes - this.takenBytes);
	}

	/** How many bytes a request had so far, in the mean. */
	long meanBytes() {
		return this.addedBytes / Math.max(1, this.added);
	}

	/** Sends a request. */
	void add(R request) {
		int bytes = 0;
		BulkOutlet outlet = null;
		CompletableFuture<Ack> future;
		LiftbridgeException closed = null;
		try {
			Message message = this.target.message(request);
			bytes = MessageSize.of(message);
			outlet = this.target.outlet(request);
			future = outlet.send(message);
		}
		catch (LiftbridgeException ex) {
			future = CompletableFuture.failedFuture(ex);
			closed = (ex instanceof ClientClosedException) ? ex : null;
		}
		catch (Throwable ex) {
			// The user's own code, or a library that is missing: it must not end the
			// bulk.
			future = CompletableFuture.failedFuture(new LiftbridgeException(
					"Request " + this.added + " of a bulk was not sent: " + ex, ex, Outcome.NOT_SENT));
		}
		append(new BulkSlot<>(request, bytes, future, outlet));
		if (closed != null) {
			end(closed);
		}
	}

	private void append(BulkSlot<R> slot) {
		BulkSlot<R> last = this.tail;
		this.tail = slot;
		// Counted first, so that it is never taken before that.
		this.addedBytes += slot.bytes;
		this.added++;
		if (last != null) {
			last.next = slot;
		}
		else {
			this.first = slot;
		}
	}

	/** The source has failed. */
	void failed(Throwable cause) {
		end(new BulkSourceException("The source of a bulk failed after " + this.added + " requests: " + cause
				+ ". These were sent and have their results; nothing was sent after them.", cause, this.added));
	}

	/** Nothing more is added. */
	void end(@Nullable LiftbridgeException why) {
		if (!this.ended) {
			this.failure = why;
			this.ended = true;
		}
	}

	/**
	 * A source that gives nothing does not get to know that client or producer are
	 * closed.
	 */
	void checkOpen() {
		try {
			this.target.checkOpen();
		}
		catch (LiftbridgeException ex) {
			end(ex);
		}
	}

	boolean isEnded() {
		return this.ended;
	}

	/** Why nothing more is added, if it is not the source's normal end. */
	@Nullable LiftbridgeException failure() {
		return this.failure;
	}

	/** The first that was not read. */
	@Nullable BulkSlot<R> peek() {
		BulkSlot<R> last = this.head;
		return (last != null) ? last.next : this.first;
	}

	/** Whether the first one's result can be read. */
	boolean isReady() {
		BulkSlot<R> slot = peek();
		return slot != null && isReady(slot);
	}

	/** Whether its result can be read. */
	boolean isReady(BulkSlot<R> slot) {
		return slot.future.isDone() || (this.ended && !this.options.awaitAcks());
	}

	/** Reads the result of the first one. */
	PublishResult<R> take(BulkSlot<R> slot) {
		BulkSlot<R> before = this.head;
		this.head = slot;
		if (before != null) {
			// Else an old one would keep all that follow from being collected cheaply.
			before.next = null;
		}
		PublishResult<R> result = slot.result(this.taken);
		this.takenBytes += slot.bytes;
		this.taken++;
		if (slot.outlet != null) {
			slot.outlet.taken(result.failure());
		}
		return result;
	}

	/** Nothing more is added or read. */
	void close() {
		end(null);
		for (BulkSlot<R> slot = peek(); slot != null && !this.options.awaitAcks(); slot = slot.next) {
			slot.forsake();
		}
		this.target.close();
	}

}
