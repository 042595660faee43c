package io.liftbridge.embedded.log;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a log. Only the newest segment of a log grows. Guarded by the log's lock
 * while it does.
 */
final class Segment {

	private final long baseOffset;

	private final List<LogEntry> entries;

	private long bytes;

	Segment(long baseOffset) {
		this(baseOffset, List.of());
	}

	Segment(long baseOffset, List<LogEntry> entries) {
		this.baseOffset = baseOffset;
		this.entries = new ArrayList<>(entries);
		for (LogEntry entry : entries) {
			this.bytes += entry.storedSize();
		}
	}

	void add(LogEntry entry) {
		this.entries.add(entry);
		this.bytes += entry.storedSize();
	}

	boolean isEmpty() {
		return this.entries.isEmpty();
	}

	int size() {
		return this.entries.size();
	}

	long bytes() {
		return this.bytes;
	}

	List<LogEntry> entries() {
		return this.entries;
	}

	long baseOffset() {
		return this.baseOffset;
	}

	long firstOffset() {
		return isEmpty() ? -1 : this.entries.get(0).offset();
	}

	long nextOffset() {
		return isEmpty() ? this.baseOffset : last().offset() + 1;
	}

	long firstTimestamp() {
		return this.entries.get(0).timestamp();
	}

	long lastTimestamp() {
		return last().timestamp();
	}

	private LogEntry last() {
		return this.entries.get(this.entries.size() - 1);
	}

	/**
	 * The index of the first entry at the given offset or later, {@link #size()} if there
	 * is none.
	 */
	int indexOf(long offset) {
		if (isEmpty() || offset <= firstOffset()) {
			return 0;
		}
		long dense = offset - firstOffset();
		if (dense < size() && this.entries.get((int) dense).offset() == offset) {
			return (int) dense;
		}
		int low = 0;
		int high = size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.entries.get(middle).offset() < offset) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/**
	 * The index of the first entry with the given timestamp or a later one,
	 * {@link #size()} if there is none.
	 */
	int indexOfTimestamp(long timestamp) {
		int low = 0;
		int high = size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.entries.get(middle).timestamp() < timestamp) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

}
