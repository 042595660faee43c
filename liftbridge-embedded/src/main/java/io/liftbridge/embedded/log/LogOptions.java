package io.liftbridge.embedded.log;

import java.time.Duration;

/**
 * How a partition's log rolls its segments and what it keeps. Limits of 0 mean "no
 * limit".
 *
 * @param segmentMaxBytes bytes after which a new segment is started
 * @param segmentMaxAge time after the first message of a segment after which a new one is
 * started
 * @param retentionMaxBytes bytes the log may hold before its oldest segments are removed
 * @param retentionMaxMessages messages the log may hold before its oldest segments are
 * removed
 * @param retentionMaxAge time after its last message after which a segment is removed
 * @param compact whether only the last message of each key is kept in all but the newest
 * segment
 * @param concurrencyControl whether a message is only stored at the offset it expects
 */
public record LogOptions(long segmentMaxBytes, Duration segmentMaxAge, long retentionMaxBytes,
		long retentionMaxMessages, Duration retentionMaxAge, boolean compact, boolean concurrencyControl) {

	/** The segment size a broker uses unless told otherwise: 256 MiB. */
	public static final long DEFAULT_SEGMENT_MAX_BYTES = 256L * 1024 * 1024;

	/**
	 * The age a broker keeps messages and rolls segments at unless told otherwise: 7
	 * days.
	 */
	public static final Duration DEFAULT_MAX_AGE = Duration.ofDays(7);

	/**
	 * What a broker uses when a stream is created without options.
	 * @return the defaults
	 */
	public static LogOptions defaults() {
		return new LogOptions(DEFAULT_SEGMENT_MAX_BYTES, DEFAULT_MAX_AGE, 0, 0, DEFAULT_MAX_AGE, false, false);
	}

}
