package io.liftbridge.client.consumer;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * How far a batch entry is processed of which records are left, or what is processed
 * behind the first chunk of a large message that is not: a cursor cannot tell, so that a
 * subscription which is opened again begins with the entry's first record, or that chunk.
 * For use inside the client. Safe for use by many threads.
 */
public final class RecordMark {

	/** Notes nothing. */
	static final RecordMark NONE = new RecordMark(false);

	private final boolean noting;

	private volatile @Nullable Mark mark;

	/** Creates it, before the first record. */
	public RecordMark() {
		this(true);
	}

	private RecordMark(boolean noting) {
		this.noting = noting;
	}

	/**
	 * Notes that a message is processed, and all before it.
	 * @param last the message
	 */
	public void processed(ReceivedMessage<?> last) {
		if (this.noting && (last.recordCount() > 1 || last.processedOffset() < last.offset())) {
			this.mark = new Mark(last.offset(), last.index());
		}
	}

	/**
	 * Whether a message was processed before.
	 * @param message the message
	 * @return whether it is not behind the mark
	 */
	public boolean isProcessed(ReceivedMessage<?> message) {
		Mark last = this.mark;
		return last != null && (message.offset() < last.offset
				|| (message.offset() == last.offset && message.index() <= last.index));
	}

	/** Forgets: what comes is of another stream. */
	public void clear() {
		this.mark = null;
	}

	private record Mark(long offset, int index) {
	}

}
