package io.liftbridge.embedded.log;

import java.util.List;

/**
 * What was kept of a log.
 *
 * @param segments its segments, oldest first; none if nothing was ever stored
 * @param highWatermark offset of the newest committed message, -1 if there never was one
 * @param lastTimestamp when a message was stored last, Unix time in nanoseconds, 0 for
 * never
 */
public record StoredLog(List<StoredSegment> segments, long highWatermark, long lastTimestamp) {

	/** A log in which nothing was ever stored. */
	public static final StoredLog EMPTY = new StoredLog(List.of(), -1, 0);

	/**
	 * What was kept of a segment.
	 *
	 * @param baseOffset offset of its first message when it was begun
	 * @param entries its messages
	 */
	public record StoredSegment(long baseOffset, List<LogEntry> entries) {

	}

}
