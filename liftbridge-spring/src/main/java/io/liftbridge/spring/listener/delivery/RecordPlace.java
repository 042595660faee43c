package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which message, or which record of which batch entry.
 *
 * @param offset the entry's offset
 * @param index the record's index
 */
record RecordPlace(long offset, int index) {

	static RecordPlace of(ReceivedMessage<?> message) {
		return new RecordPlace(message.offset(), message.index());
	}

	/** Whether another one is this one or one before it. */
	boolean covers(RecordPlace other) {
		return this.offset > other.offset || (this.offset == other.offset && this.index >= other.index);
	}

	/** Whether its offset tells all. */
	private static boolean isWhole(ReceivedMessage<?> message) {
		return message.recordCount() == 1 && message.processedOffset() == message.offset();
	}

	/** The further one of a place and a message, which need not be a record. */
	static @Nullable RecordPlace later(@Nullable RecordPlace before, ReceivedMessage<?> message) {
		if (isWhole(message) || (before != null && before.offset > message.offset())) {
			return before;
		}
		RecordPlace place = of(message);
		return (before != null && before.covers(place)) ? before : place;
	}

}
