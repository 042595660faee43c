package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * What is processed of a partition, and what of that is handed to the cursor: the rules
 * of the ack modes. Belongs to the thread that works the partition, except for
 * {@link #processed()} and late acknowledgments.
 */
final class Positions {

	private static final Acknowledgment NOTHING = () -> {
	};

	private final AckMode mode;

	private final @Nullable CursorWriter cursor;

	private volatile long processed = -1;

	/**
	 * The last processed message, if the offset does not tell: a record of a batch entry
	 * of which more follow, or one among the chunks of a large message.
	 */
	private @Nullable RecordPlace open;

	/** The last acknowledged message of that kind. */
	private final AtomicReference<@Nullable RecordPlace> acknowledged = new AtomicReference<>();

	private boolean begun;

	Positions(AckMode mode, @Nullable CursorWriter cursor) {
		this.mode = (cursor != null) ? mode : AckMode.NONE;
		this.cursor = cursor;
	}

	/** Sets the offset before the one that is read next. */
	void reset(long processed) {
		if (processed < 0 || processed != this.processed) {
			// What comes may be of another stream, or lies elsewhere.
			this.open = null;
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

	/** For everything up to a message. */
	Acknowledgment acknowledgment(ReceivedMessage<?> last) {
		CursorWriter writer = this.cursor;
		if (this.mode != AckMode.MANUAL || writer == null) {
			return NOTHING;
		}
		// A late acknowledgment of a stream that was created anew meanwhile says nothing.
		long epoch = writer.epoch();
		return new PendingAcknowledgment(() -> {
			this.acknowledged.updateAndGet((before) -> RecordPlace.later(before, last));
			writer.advance(last.processedOffset(), epoch);
		});
	}

	/** The listener has processed everything up to a message. */
	void succeeded(ReceivedMessage<?> last, Acknowledgment acknowledgment) {
		reached(last);
		if (acknowledgment instanceof PendingAcknowledgment pending) {
			pending.succeeded();
		}
		else if (this.mode == AckMode.RECORD && this.cursor != null) {
			this.cursor.advance(this.processed);
		}
	}

	private void reached(ReceivedMessage<?> last) {
		this.processed = last.processedOffset();
		this.open = (last.processedOffset() < last.offset()) ? RecordPlace.of(last) : null;
	}

	void failed(Acknowledgment acknowledgment) {
		if (acknowledgment instanceof PendingAcknowledgment pending) {
			pending.failed();
		}
	}

	/**
	 * A message was given up and taken care of. In mode MANUAL its listener can never
	 * acknowledge it: it counts as acknowledged if everything before it is.
	 */
	void givenUp(ReceivedMessage<?> last) {
		boolean gap = this.mode == AckMode.MANUAL && this.cursor != null
				&& (this.cursor.wanted() < this.processed || isOpenUnacknowledged());
		reached(last);
		if (this.cursor != null && !gap && (this.mode == AckMode.RECORD || this.mode == AckMode.MANUAL)) {
			this.acknowledged.updateAndGet((before) -> RecordPlace.later(before, last));
			this.cursor.advance(this.processed);
		}
	}

	/** The cursor cannot tell that records of the same entry were not acknowledged. */
	private boolean isOpenUnacknowledged() {
		RecordPlace reached = this.open;
		RecordPlace last = this.acknowledged.get();
		return reached != null && (last == null || !last.covers(reached));
	}

	/** What was fetched together is processed, or as much of it as there will be. */
	void endOfPoll() {
		if (this.mode == AckMode.BATCH && this.cursor != null) {
			this.cursor.advance(this.processed);
		}
	}

}
