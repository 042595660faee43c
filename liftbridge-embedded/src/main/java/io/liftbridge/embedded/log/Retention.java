package io.liftbridge.embedded.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Removes the oldest segments of a log. Works on whole segments and never removes the
 * newest one, so the limits are approximate.
 */
final class Retention {

	private Retention() {
	}

	static List<Segment> apply(List<Segment> segments, LogOptions options, long now) {
		List<Segment> kept = segments;
		if (options.retentionMaxAge().compareTo(Duration.ZERO) > 0) {
			kept = youngerThan(kept, now - Nanos.of(options.retentionMaxAge()));
		}
		if (options.retentionMaxMessages() > 0) {
			kept = newest(kept, options.retentionMaxMessages(), Segment::size);
		}
		if (options.retentionMaxBytes() > 0) {
			kept = newest(kept, options.retentionMaxBytes(), Segment::bytes);
		}
		return kept;
	}

	private static List<Segment> youngerThan(List<Segment> segments, long timestamp) {
		int first = 0;
		while (first < segments.size() - 1 && segments.get(first).lastTimestamp() < timestamp) {
			first++;
		}
		return new ArrayList<>(segments.subList(first, segments.size()));
	}

	private static List<Segment> newest(List<Segment> segments, long limit, ToLongFunction<Segment> measure) {
		int first = segments.size() - 1;
		long total = measure.applyAsLong(segments.get(first));
		while (first > 0) {
			total += measure.applyAsLong(segments.get(first - 1));
			if (total > limit) {
				break;
			}
			first--;
		}
		return new ArrayList<>(segments.subList(first, segments.size()));
	}

}
