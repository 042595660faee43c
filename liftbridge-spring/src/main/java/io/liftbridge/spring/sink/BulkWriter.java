package io.liftbridge.spring.sink;

import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches somewhere. Batches of one partition come one after the other and in
 * order, those of several partitions at the same time. Must be safe for use by many
 * threads.
 */
@FunctionalInterface
public interface BulkWriter {

	/**
	 * Writes a batch, all of it or nothing. A writer that stores positions stores that of
	 * the last message together with it, in one transaction. May block.
	 * @param batch what to write
	 * @throws PoisonMessageException if a message can never be written
	 * @throws SinkFencedException if somebody else writes this partition: the sink stops,
	 * or, as a member of a group, begins the partition again if it is still its own
	 * @throws Exception if the batch was not written: it is written again after a pause,
	 * or in halves if {@link #isPoison} says so
	 */
	void write(SinkBatch batch) throws Exception;

	/**
	 * Tells whether a failed batch has a message in it that can never be written. It is
	 * found by bisection.
	 * @param failure what {@link #write} has thrown
	 * @return whether it has; otherwise the whole batch is tried again
	 */
	default boolean isPoison(Throwable failure) {
		return false;
	}

	/**
	 * Whether this writer stores positions itself, together with what it writes. If it
	 * does not, they are stored in cursors after each batch, and what was written since
	 * then is written again after a crash.
	 * @return whether it does, by default {@code false}
	 */
	default boolean storesPositions() {
		return false;
	}

	/**
	 * Finds where the reading of a partition begins, and takes the partition over from
	 * any other writer. Asked at each start, and whenever a group gives the partition to
	 * this sink, if this writer stores positions; while it fails it is asked again, after
	 * a pause. May block.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param configured gives where to begin if nothing is stored, as an offset if that
	 * depends on the moment and the partition is not paused; to be stored, so that a
	 * crash before the first batch skips nothing
	 * @return where to begin, {@code null} for the configured position
	 */
	default @Nullable StartPosition start(String stream, int partition, Supplier<StartPosition> configured) {
		return null;
	}

}
