package io.liftbridge.client.stream;

import java.time.Instant;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.PartitionEventTimestamps;
import org.jspecify.annotations.Nullable;

/**
 * When something happened to a partition, as far as its broker remembers: since it
 * started. Immutable.
 *
 * @param first the first time, or {@code null} if it never happened
 * @param latest the latest time, or {@code null} if it never happened
 */
public record EventTimes(@Nullable Instant first, @Nullable Instant latest) {

	/** It never happened. */
	public static final EventTimes NEVER = new EventTimes(null, null);

	static EventTimes of(PartitionEventTimestamps times) {
		return new EventTimes(instant(times.getFirstTimestamp()), instant(times.getLatestTimestamp()));
	}

	private static @Nullable Instant instant(long nanos) {
		return (nanos > 0) ? ReceivedMessage.instant(nanos) : null;
	}

}
