package io.liftbridge.spring.sink;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * How far a partition is written.
 *
 * @param resumeAfter the offset behind which reading goes on, -1 for none
 * @param offset offset of the last message that is written, -1 for none
 * @param index its index among the records of a batch entry
 */
record Place(long resumeAfter, long offset, int index) {

	/** Nothing is written, and where that begins is left to the configured position. */
	static final Place NOWHERE = new Place(-1, -1, 0);

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
