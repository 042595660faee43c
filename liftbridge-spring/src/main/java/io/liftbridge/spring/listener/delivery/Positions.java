package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import org.jspecify.annotations.Nullable;

/**
 * What is processed of a partition, and what of that is handed to the cursor: the rules
 * of the ack modes. Belongs to the thread that works the partition, except for
 * {@link #processed()} and late acknowledgments.
 */
final class Positions {

	private final String listenerId;

	private final AckMode mode;

	private final int ackCount;

	private final @Nullable CursorWriter cursor;

	/** In mode MANUAL. */
	private final @Nullable AckTracker tracker;

	private final InertAcknowledgment inert;

	private volatile long processed = -1;

	/**
	 * The last processed message, if the offset does not tell: a record of a batch entry
	 * of which more follow, or one among the chunks of a large message.
	 */
	private @Nullable RecordPlace open;

	private boolean begun;

	/** How many were processed since the position was handed on. */
	private int uncounted;

	/**
	 * Creates it.
	 * @param room is called when enough was acknowledged, after too little was
	 */
	Positions(DeliveryContext context, @Nullable CursorWriter cursor, Runnable room) {
		AckMode mode = context.ackMode();
		this.listenerId = context.listenerId();
		this.mode = (cursor != null) ? mode : AckMode.NONE;
		this.ackCount = context.ackCount();
		this.cursor = cursor;
		this.tracker = (cursor != null && this.mode == AckMode.MANUAL)
				? new AckTracker(cursor, context.maxUnacknowledged(), room) : null;
		this.inert = new InertAcknowledgment(this.mode);
	}

	/** Sets the offset before the one that is read next. */
	void reset(long processed) {
		if (processed < 0 || processed != this.processed) {
			// What comes may be of another stream, or lies elsewhere.
			this.open = null;
			this.uncounted = 0;
			if (this.tracker != null) {
				this.tracker.clear();
			}
		}
		this.processed = processed;
		this.begun = false;
	}

	/** The first message shows where the start position was. */
	void arrived(long offset) {
		if (!this.begun) {
			this.begun = true;
			if (this.cursor != null && this.cursor.wanted() < 0 && offset > 0) {
				// A crash before the first acknowledgement must not skip anything.
				this.cursor.advance(offset - 1);
			}
		}
	}

	long processed() {
		return this.processed;
	}

	/**
	 * Whether a message was processed before: the position that is read on from cannot
	 * lie within a batch entry.
	 */
	boolean isProcessed(ReceivedMessage<?> message) {
		return this.open != null && this.open.covers(RecordPlace.of(message));
	}

	/** Whether too much of what was delivered is not acknowledged. */
	boolean isFull() {
		return this.tracker != null && this.tracker.isFull();
	}

	/** How many wait to be acknowledged, and since which one. */
	String waiting() {
		return (this.tracker != null) ? this.tracker.waiting() : "nothing";
	}

	/** A message is about to be delivered for the first time. */
	Tracked delivered(ReceivedMessage<?> message) {
		return (this.tracker != null) ? this.tracker.track(message) : Tracked.NONE;
	}

	/**
	 * For one call of the listener.
	 * @param first the first message
	 * @param messages what was said to be delivered
	 * @param batch whether the listener receives lists
	 */
	CallAcknowledgment acknowledgment(ReceivedMessage<?> first, List<Tracked> messages, boolean batch) {
		return (this.tracker != null) ? new ManualAcknowledgment(this.tracker, messages, batch, "listener '"
				+ this.listenerId + "' at " + first.stream() + "/" + first.partition() + "@" + first.offset())
				: this.inert;
	}

	/**
	 * The listener has processed everything up to a message.
	 * @param count how many messages that are
	 */
	void processed(ReceivedMessage<?> last, int count) {
		this.processed = last.processedOffset();
		this.open = (last.processedOffset() < last.offset()) ? RecordPlace.of(last) : null;
		this.uncounted += count;
		if (this.mode == AckMode.RECORD || this.mode == AckMode.TIME
				|| (this.mode == AckMode.COUNT && this.uncounted >= this.ackCount)) {
			advance();
		}
	}

	/**
	 * Messages were taken care of, though not by the listener, who can never acknowledge
	 * them.
	 */
	void settled(List<Tracked> messages) {
		if (this.tracker != null) {
			this.tracker.acknowledge(messages);
		}
	}

	/** Messages that were delivered before come as if they had not. */
	void forget(List<Tracked> messages) {
		if (this.tracker != null) {
			this.tracker.forget(messages);
		}
	}

	/** What was fetched together is processed, or as much of it as there will be. */
	void endOfPoll() {
		if (this.mode == AckMode.BATCH && this.uncounted > 0) {
			advance();
		}
	}

	/** Nothing is processed any more. */
	void ended() {
		if (this.mode == AckMode.COUNT && this.uncounted > 0) {
			advance();
		}
	}

	private void advance() {
		this.uncounted = 0;
		if (this.cursor != null) {
			this.cursor.advance(this.processed);
		}
	}

}
