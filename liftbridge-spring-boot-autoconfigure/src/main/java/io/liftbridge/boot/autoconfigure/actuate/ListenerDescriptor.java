package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;

/**
 * A listener as it was last seen.
 *
 * @param id its id
 * @param state where it is in its life
 * @param failure why it has failed, if it has
 * @param cursorId cursor in which its positions are stored, {@code null} if none are
 * @param partitions its partitions
 */
public record ListenerDescriptor(String id, String state, @Nullable String failure, @Nullable String cursorId,
		List<Partition> partitions) {

	static ListenerDescriptor of(ListenerContainer container) {
		Throwable failure = container.failure();
		return new ListenerDescriptor(container.id(), container.state().name(),
				(failure != null) ? failure.toString() : null, cursorId(container),
				container.partitions().stream().map(Partition::of).toList());
	}

	private static @Nullable String cursorId(ListenerContainer container) {
		ContainerProperties properties = container.properties();
		if (properties.getAckMode() == AckMode.NONE) {
			return null;
		}
		if (properties.getGroup() != null) {
			return "__group:" + properties.getGroup();
		}
		return (properties.getCursorId() != null) ? properties.getCursorId() : container.id();
	}

	/**
	 * A partition as it was last seen. Numbers are -1 where they are not known.
	 *
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param position offset of the last processed message
	 * @param newest offset of the newest message as of the last look
	 * @param lag how many messages are behind the position
	 * @param state how it fares
	 * @param since when it came into the state
	 * @param lastError what is wrong at present, or {@code null}
	 */
	public record Partition(String stream, int partition, long position, long newest, long lag, String state,
			Instant since, @JsonInclude @Nullable String lastError) {

		static Partition of(PartitionStatus status) {
			return new Partition(status.stream(), status.partition(), status.position(), status.newest(), status.lag(),
					status.state().name(), status.since().truncatedTo(ChronoUnit.MILLIS), status.lastError());
		}

	}

}
