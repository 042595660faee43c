package io.liftbridge.embedded.stream;

import java.time.Duration;

import io.liftbridge.embedded.log.LogOptions;
import io.liftbridge.proto.CreateStreamRequest;

/**
 * What a stream was created with. What the request leaves open has a broker's defaults.
 *
 * @param log how its partitions' logs roll and what they keep
 * @param cleanerInterval time between two runs of retention and compaction
 * @param autoPauseTime time without a message after which a partition pauses itself, zero
 * for never
 * @param autoPauseDisableIfSubscribers whether a partition with subscribers never pauses
 * itself
 * @param minIsr in-sync replicas needed to commit; more than one means that {@code ALL}
 * is never acknowledged here
 */
record StreamOptions(LogOptions log, Duration cleanerInterval, Duration autoPauseTime,
		boolean autoPauseDisableIfSubscribers, int minIsr) {

	private static final Duration DEFAULT_CLEANER_INTERVAL = Duration.ofMinutes(5);

	private static final long CURSORS_SEGMENT_MAX_BYTES = 1024 * 1024;

	static StreamOptions of(CreateStreamRequest request) {
		if (StreamRules.CURSORS.equals(request.getName())) {
			return ofCursors();
		}
		LogOptions defaults = LogOptions.defaults();
		LogOptions log = new LogOptions(
				request.hasSegmentMaxBytes() && request.getSegmentMaxBytes().getValue() != 0
						? request.getSegmentMaxBytes().getValue() : defaults.segmentMaxBytes(),
				request.hasSegmentMaxAge() ? Duration.ofMillis(request.getSegmentMaxAge().getValue())
						: defaults.segmentMaxAge(),
				request.getRetentionMaxBytes().getValue(), request.getRetentionMaxMessages().getValue(),
				request.hasRetentionMaxAge() ? Duration.ofMillis(request.getRetentionMaxAge().getValue())
						: defaults.retentionMaxAge(),
				request.getCompactEnabled().getValue(), request.getOptimisticConcurrencyControl().getValue());
		long cleanerInterval = request.getCleanerInterval().getValue();
		return new StreamOptions(log,
				(cleanerInterval != 0) ? Duration.ofMillis(cleanerInterval) : DEFAULT_CLEANER_INTERVAL,
				Duration.ofMillis(request.getAutoPauseTime().getValue()),
				request.getAutoPauseDisableIfSubscribers().getValue(),
				request.hasMinIsr() ? request.getMinIsr().getValue() : 1);
	}

	/**
	 * The options of {@code __cursors}. Its segments are smaller than a real broker's,
	 * because compaction spares the newest one and this log is in memory.
	 */
	private static StreamOptions ofCursors() {
		LogOptions defaults = LogOptions.defaults();
		LogOptions log = new LogOptions(CURSORS_SEGMENT_MAX_BYTES, defaults.segmentMaxAge(), 0, 0,
				defaults.retentionMaxAge(), true, false);
		return new StreamOptions(log, DEFAULT_CLEANER_INTERVAL, Duration.ofMinutes(1), true, 1);
	}

}
