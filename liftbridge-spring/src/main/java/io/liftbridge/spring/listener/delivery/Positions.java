package io.liftbridge.spring.listener.delivery;

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

	private boolean begun;

	Positions(AckMode mode, @Nullable CursorWriter cursor) {
		this.mode = (cursor != null) ? mode : AckMode.NONE;
		this.cursor = cursor;
	}

	/** Sets the offset before the one that is read next. */
	void reset(long processed) {
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

	Acknowledgment acknowledgment(long offset) {
		CursorWriter writer = this.cursor;
		if (this.mode != AckMode.MANUAL || writer == null) {
			return NOTHING;
		}
		// A late acknowledgment of a stream that was created anew meanwhile says nothing.
		long epoch = writer.epoch();
		return new PendingAcknowledgment(() -> writer.advance(offset, epoch));
	}

	/** The listener has processed everything up to an offset. */
	void succeeded(long offset, Acknowledgment acknowledgment) {
		this.processed = offset;
		if (acknowledgment instanceof PendingAcknowledgment pending) {
			pending.succeeded();
		}
		else if (this.mode == AckMode.RECORD && this.cursor != null) {
			this.cursor.advance(offset);
		}
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
	void givenUp(long offset) {
		boolean gap = this.mode == AckMode.MANUAL && this.cursor != null && this.cursor.wanted() < this.processed;
		this.processed = offset;
		if (this.cursor != null && !gap && (this.mode == AckMode.RECORD || this.mode == AckMode.MANUAL)) {
			this.cursor.advance(offset);
		}
	}

	/** What was fetched together is processed, or as much of it as there will be. */
	void endOfPoll() {
		if (this.mode == AckMode.BATCH && this.cursor != null) {
			this.cursor.advance(this.processed);
		}
	}

}
