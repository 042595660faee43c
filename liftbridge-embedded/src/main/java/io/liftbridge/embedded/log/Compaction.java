package io.liftbridge.embedded.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;

/**
 * Keeps only the last message of each key. Messages without a key stay, an empty value is
 * a value like any other, and the newest segment is never touched.
 */
final class Compaction {

	private final long highWatermark;

	private final Map<ByteString, Long> newest = new HashMap<>();

	Compaction(long highWatermark) {
		this.highWatermark = highWatermark;
	}

	/**
	 * Compacts sealed segments.
	 * @param sealed the segments to compact, oldest first; not changed
	 * @param active what the newest segment holds, which supersedes older messages too
	 * @return the segments to use instead, without those that became empty
	 */
	List<Segment> compact(List<Segment> sealed, List<LogEntry> active) {
		sealed.forEach((segment) -> scan(segment.entries()));
		scan(active);
		List<Segment> compacted = new ArrayList<>();
		for (Segment segment : sealed) {
			List<LogEntry> kept = segment.entries().stream().filter(this::isKept).toList();
			if (kept.size() == segment.size()) {
				compacted.add(segment);
			}
			else if (!kept.isEmpty()) {
				compacted.add(new Segment(segment.baseOffset(), kept));
			}
		}
		return compacted;
	}

	private void scan(List<LogEntry> entries) {
		for (LogEntry entry : entries) {
			if (entry.offset() <= this.highWatermark && !entry.key().isEmpty()) {
				this.newest.put(entry.key(), entry.offset());
			}
		}
	}

	private boolean isKept(LogEntry entry) {
		if (entry.key().isEmpty() || entry.offset() >= this.highWatermark) {
			return true;
		}
		Long latest = this.newest.get(entry.key());
		return latest != null && latest == entry.offset();
	}

}
