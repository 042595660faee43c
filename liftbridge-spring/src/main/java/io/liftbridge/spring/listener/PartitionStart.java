package io.liftbridge.spring.listener;

import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;
import org.jspecify.annotations.Nullable;

/**
 * Tells where the reading of a partition begins, where positions are not stored in
 * cursors but by the listener itself. Must be safe for use by many threads.
 */
@FunctionalInterface
public interface PartitionStart {

	/**
	 * Finds the position. Asked at each start of the container, once for each partition,
	 * and whenever a group gives a partition to this member; may block. While it fails it
	 * is asked again, after a pause.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param configured gives the container's start position: "new", "latest", ages and
	 * times as the offset that they are at the moment, unless the partition is paused
	 * @return where to begin, {@code null} for the container's start position
	 */
	@Nullable StartPosition find(String stream, int partition, Supplier<StartPosition> configured);

}
