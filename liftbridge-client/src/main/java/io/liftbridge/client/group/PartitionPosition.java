package io.liftbridge.client.group;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;

/**
 * How far a member has come in a partition, and the cursor that says so. Belongs to the
 * member's events, except for what handlers and users tell.
 */
final class PartitionPosition {

	private final Host host;

	private final CursorTracker.Key key;

	private final BooleanSupplier sole;

	private final Consumer<LiftbridgeException> failures;

	private volatile @Nullable CursorTracker tracker;

	/** Offset before the first message, where it is known. */
	private long base = -1;

	/**
	 * Creates it.
	 * @param host the member
	 * @param key which cursor
	 * @param sole whether nobody else is storing in the cursor
	 * @param failures is told of writes that failed
	 */
	PartitionPosition(Host host, CursorTracker.Key key, BooleanSupplier sole, Consumer<LiftbridgeException> failures) {
		this.host = host;
		this.key = key;
		this.sole = sole;
		this.failures = failures;
	}

	/** Reading begins. */
	void begin(StartPosition start, OptionalLong stored) {
		CursorTracker former = this.tracker;
		if (former != null) {
			former.close(true);
		}
		this.base = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		CursorTracker next = new CursorTracker(this.host.cluster(), this.host.cursors(), this.key,
				this.host.options().tracking(), this.base, stored, this.sole, this.failures);
		next.start();
		this.tracker = next;
	}

	/** Whether it is known at all. */
	boolean isKnown() {
		return this.tracker != null;
	}

	/** Offset of the last processed message, or that before the first one. */
	long offset() {
		CursorTracker current = this.tracker;
		return (current != null) ? current.processed() : this.base;
	}

	/** Whether a message was processed since it began. */
	boolean hasMoved() {
		return offset() > this.base;
	}

	/** The handler has returned. */
	void processed(long offset) {
		CursorTracker current = this.tracker;
		if (current != null) {
			current.processed(offset);
		}
	}

	/**
	 * It means nothing any more.
	 * @param why what whoever commits is told
	 * @return completes when nothing is being stored any more
	 */
	CompletableFuture<Void> forget(String why) {
		CursorTracker former = this.tracker;
		if (former == null) {
			return CompletableFuture.completedFuture(null);
		}
		this.tracker = null;
		return former.abandon(new LiftbridgeException(this.key + " is not stored: " + why));
	}

	/** Stores soon what is to be stored anyway. */
	void flush() {
		CursorTracker current = this.tracker;
		if (current != null) {
			current.flush();
		}
	}

	/** Stores how far the handler has come. */
	CompletableFuture<Void> commit() {
		CursorTracker current = this.tracker;
		return (current != null && hasMoved()) ? current.commit(current.processed())
				: CompletableFuture.completedFuture(null);
	}

	@Nullable CompletableFuture<Void> commit(long offset) {
		CursorTracker current = this.tracker;
		return (current != null) ? current.commit(offset) : null;
	}

	/**
	 * Stores it for the last time.
	 * @param shared whether somebody else may be storing already
	 */
	CompletableFuture<Void> close(boolean shared) {
		CursorTracker current = this.tracker;
		return (current != null) ? current.close(shared) : CompletableFuture.completedFuture(null);
	}

}
