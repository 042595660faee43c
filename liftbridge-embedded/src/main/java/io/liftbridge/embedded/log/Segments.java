package io.liftbridge.embedded.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The segments of a log, oldest first, in memory and in the log's storage. There is
 * always one, and only the last one grows. Guarded by the log's lock.
 */
final class Segments {

	private final LogStorage storage;

	private List<Segment> all = new ArrayList<>();

	private Segment active;

	Segments(StoredLog stored, LogStorage storage) {
		this.storage = storage;
		stored.segments().forEach((each) -> this.all.add(new Segment(each.baseOffset(), each.entries())));
		if (this.all.isEmpty()) {
			this.all.add(new Segment(0));
		}
		this.active = this.all.get(this.all.size() - 1);
	}

	LogStorage storage() {
		return this.storage;
	}

	/**
	 * Adds a message once it is kept.
	 */
	void add(LogEntry entry, boolean committed) {
		this.storage.append(entry, committed);
		this.active.add(entry);
	}

	/**
	 * Starts a new segment if the present one is full or old.
	 */
	boolean rollIfDue(LogOptions options, long now) {
		if (this.active.isEmpty() || !(isFull(options) || isOld(options, now))) {
			return false;
		}
		this.storage.roll(nextOffset());
		this.active = new Segment(nextOffset());
		this.all.add(this.active);
		return true;
	}

	long nextOffset() {
		return this.active.nextOffset();
	}

	private boolean isFull(LogOptions options) {
		return this.active.bytes() >= options.segmentMaxBytes();
	}

	private boolean isOld(LogOptions options, long now) {
		long maxAge = Nanos.of(options.segmentMaxAge());
		return maxAge != 0 && now - this.active.firstTimestamp() >= maxAge;
	}

	/**
	 * Removes the oldest segments as far as they are to go.
	 */
	void retain(LogOptions options, long now) {
		List<Segment> before = this.all;
		this.all = Retention.apply(before, options, now);
		for (Segment removed : before.subList(0, before.size() - this.all.size())) {
			this.storage.rewrite(removed.baseOffset(), List.of());
		}
	}

	/**
	 * Forgets all messages, but not the next offset.
	 */
	void clear() {
		this.active = new Segment(nextOffset());
		this.all = new ArrayList<>(List.of(this.active));
	}

	/**
	 * All but the growing segment. They never change, so they can be read without the
	 * log's lock.
	 */
	List<Segment> sealed() {
		return new ArrayList<>(this.all.subList(0, this.all.size() - 1));
	}

	List<LogEntry> copyOfActive() {
		return new ArrayList<>(this.active.entries());
	}

	/**
	 * Lets the storage follow a compaction, which leaves segments as they are, replaces
	 * or drops them. Needs no lock, as none of them grows.
	 */
	void keep(List<Segment> before, List<Segment> after) {
		Map<Long, Segment> kept = new HashMap<>();
		after.forEach((segment) -> kept.put(segment.baseOffset(), segment));
		for (Segment old : before) {
			Segment current = kept.get(old.baseOffset());
			if (current != old) {
				this.storage.rewrite(old.baseOffset(), (current != null) ? current.entries() : List.of());
			}
		}
	}

	/**
	 * Puts other segments in the place of the first ones.
	 */
	void replaceFirst(int count, List<Segment> replacement) {
		List<Segment> replaced = new ArrayList<>(replacement);
		replaced.addAll(this.all.subList(count, this.all.size()));
		this.all = replaced;
	}

	long oldestOffset() {
		return this.all.get(0).firstOffset();
	}

	/**
	 * Copies entries from one offset to another, both included, as many as fit.
	 */
	int read(long offset, long last, @Nullable LogEntry[] into) {
		int count = 0;
		for (int i = segmentOf(offset); i < this.all.size() && count < into.length; i++) {
			Segment segment = this.all.get(i);
			for (int j = segment.indexOf(offset); j < segment.size() && count < into.length; j++) {
				LogEntry entry = segment.entries().get(j);
				if (entry.offset() > last) {
					return count;
				}
				into[count++] = entry;
			}
		}
		return count;
	}

	boolean hasBetween(long offset, long last) {
		return last >= offset && read(offset, last, new LogEntry[1]) > 0;
	}

	/**
	 * The last entry at the given offset or before.
	 */
	@Nullable LogEntry readBackwards(long offset) {
		for (int i = this.all.size() - 1; i >= 0; i--) {
			Segment segment = this.all.get(i);
			int index = segment.indexOf(offset + 1) - 1;
			if (index >= 0) {
				return segment.entries().get(index);
			}
		}
		return null;
	}

	/**
	 * The first entry at or after a time.
	 */
	@Nullable LogEntry firstAtOrAfter(long timestamp) {
		for (Segment segment : this.all) {
			int index = segment.indexOfTimestamp(timestamp);
			if (index < segment.size()) {
				return segment.entries().get(index);
			}
		}
		return null;
	}

	/**
	 * The offset of the last entry at or before a time.
	 */
	long lastOffsetUpTo(long timestamp) {
		int next = firstSegmentAfter(timestamp);
		if (next == 0) {
			throw new LogException("timestamp is before the beginning of the log");
		}
		Segment segment = this.all.get(next - 1);
		int index = segment.indexOfTimestamp(timestamp);
		if (index == segment.size()) {
			return segment.nextOffset() - 1;
		}
		LogEntry entry = segment.entries().get(index);
		return (entry.timestamp() == timestamp) ? entry.offset() : entry.offset() - 1;
	}

	/**
	 * The first segment that starts after a time. Fails like a real broker when the
	 * search comes upon an empty segment.
	 */
	private int firstSegmentAfter(long timestamp) {
		int low = 0;
		int high = this.all.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			Segment segment = this.all.get(middle);
			if (segment.isEmpty()) {
				throw new LogException("failed to find log segment for timestamp: EOF");
			}
			if (segment.firstTimestamp() > timestamp) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

	private int segmentOf(long offset) {
		int low = 0;
		int high = this.all.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.all.get(middle).nextOffset() > offset) {
				high = middle;
			}
			else {
				low = middle + 1;
			}
		}
		return low;
	}

}
