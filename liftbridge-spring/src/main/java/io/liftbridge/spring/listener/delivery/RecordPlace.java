package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which record of which batch entry.
 *
 * @param offset the entry's offset
 * @param index the record's index
 */
record RecordPlace(long offset, int index) {

	static RecordPlace of(ReceivedMessage<?> message) {
		return new RecordPlace(message.offset(), message.index());
	}

	/** Whether a record is this one or one before it in the same entry. */
	boolean covers(RecordPlace other) {
		return this.offset == other.offset && this.index >= other.index;
	}

	/** The further one of a place and a message, which need not be a record. */
	static @Nullable RecordPlace later(@Nullable RecordPlace before, ReceivedMessage<?> message) {
		if (message.recordCount() == 1 || (before != null && before.offset > message.offset())) {
			return before;
		}
		RecordPlace place = of(message);
		return (before != null && before.covers(place)) ? before : place;
	}

}
