package io.liftbridge.spring.listener;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * How a listener fares on a partition, as it was last seen. Asking for it asks no broker.
 *
 * @param stream the stream's name
 * @param partition the partition's number, {@link #UNKNOWN} while it is not known which
 * partitions the stream has
 * @param position offset of the last processed message; before the first one the offset
 * before the start, or {@link #UNKNOWN}
 * @param newest offset of the newest message as of the last look, or {@link #UNKNOWN}
 * @param stored position last stored in the cursor, or {@link #UNKNOWN}
 * @param state how it fares
 * @param lastError what is wrong at present, {@code null} if nothing is
 * @param since when the state was entered
 */
public record PartitionStatus(String stream, int partition, long position, long newest, long stored,
		PartitionState state, @Nullable String lastError, Instant since) {

	/** Stands for a number that is not known. */
	public static final int UNKNOWN = -1;

	/** Of what nobody reads yet, for a reason if there is one. */
	static PartitionStatus unread(String stream, int partition, boolean stopping, @Nullable String problem,
			Instant since) {
		PartitionState state = stopping ? PartitionState.STOPPED
				: (problem != null) ? PartitionState.WAITING : PartitionState.STARTING;
		return new PartitionStatus(stream, partition, UNKNOWN, UNKNOWN, UNKNOWN, state, problem, since);
	}

	/**
	 * Counts the messages behind the position. Offsets may have gaps, so that it may be
	 * fewer.
	 * @return how many, 0 if it is not known
	 */
	public long lag() {
		return Math.max(0, this.newest - this.position);
	}

}
