package io.liftbridge.spring.listener;

import java.util.OptionalLong;

import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;

/**
 * Decides where a listener begins in its partitions, except those of retry streams. A
 * bean with listener methods may implement it. Must be safe for use by several threads.
 */
@FunctionalInterface
public interface SeekAware {

	/**
	 * A partition is about to be read, for the first time since the start of the
	 * container, or since a group has given it to this member; not again after a
	 * {@link ListenerContainer#seek seek}. May block: only the start of partitions waits
	 * for it. What it throws delays the partition, and it is asked again.
	 * @param container the container, for seeking later
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param stored offset of the last processed message as the cursor says, empty if
	 * there is none
	 * @return where to begin, wherever the cursor stands; {@code null} for behind the
	 * stored position, or else at the start position of the listener
	 */
	@Nullable SeekTo onAssigned(ListenerContainer container, String stream, int partition, OptionalLong stored);

	/**
	 * A group has taken a partition away, or its container is stopped as a member.
	 * @param container the container
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	default void onRevoked(ListenerContainer container, String stream, int partition) {
	}

}
