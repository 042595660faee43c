package io.liftbridge.spring.sink;

import java.time.Instant;

import io.liftbridge.client.consumer.StartFinder;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * How far a partition is written.
 *
 * @param resumeAfter the offset behind which reading goes on, -1 for none; below that the
 * time at which it begins, as no offset is known yet
 * @param offset offset of the last message that is written, -1 for none
 * @param index its index among the records of a batch entry
 */
record Place(long resumeAfter, long offset, int index) {

	/** Nothing is written, and where that begins is left to the configured position. */
	static final Place NOWHERE = new Place(-1, -1, 0);

	/**
	 * Nothing is written, and where that begins must not depend on the moment of the next
	 * start.
	 * @param start where it begins now
	 */
	static Place begin(StartPosition start) {
		return switch (start.kind()) {
			case EARLIEST -> NOWHERE;
			case OFFSET -> before(start.value());
			case TIMESTAMP -> since(start.value());
			case LATEST, NEW_ONLY -> since(StartPosition.at(StartFinder.lastMoment()).value());
		};
	}

	/** In Unix nanoseconds. */
	private static Place since(long time) {
		return new Place(-2 - Math.max(0, time), NOWHERE.offset, NOWHERE.index);
	}

	/** Where to read on, {@code null} if that is left to the configured position. */
	@Nullable StartPosition start() {
		if (equals(NOWHERE)) {
			return null;
		}
		return (this.resumeAfter < -1) ? StartPosition.at(Instant.EPOCH.plusNanos(-2 - this.resumeAfter))
				: StartPosition.after(this.resumeAfter);
	}

	/** Nothing is written, and all messages from an offset on are to be. */
	static Place before(long offset) {
		return new Place(offset - 1, offset - 1, Integer.MAX_VALUE);
	}

	static Place of(ReceivedMessage<?> message) {
		return new Place(message.processedOffset(), message.offset(), message.index());
	}

	/** Whether a message comes behind it. */
	boolean isBefore(ReceivedMessage<?> message) {
		return message.offset() > this.offset || (message.offset() == this.offset && message.index() > this.index);
	}

	/**
	 * Whether a message is written that comes again only as reading cannot begin in the
	 * midst of what carried it.
	 */
	boolean covers(ReceivedMessage<?> message) {
		return message.offset() > this.resumeAfter && !isBefore(message);
	}

}
