package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.group.GroupMember;
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
 * @param paused whether it is paused as a whole
 * @param cursorId cursor in which its positions are stored, {@code null} if none are
 * @param group the group that it is a member of, {@code null} without one
 * @param partitions its partitions
 * @param lastReplay the last replay of its dead letters that was asked for, {@code null}
 * for none since the start
 */
public record ListenerDescriptor(String id, String state, @Nullable String failure, boolean paused,
		@Nullable String cursorId, @Nullable Group group, List<Partition> partitions,
		@Nullable ReplayDescriptor lastReplay) {

	static ListenerDescriptor of(ListenerContainer container, @Nullable ReplayDescriptor lastReplay) {
		Throwable failure = container.failure();
		return new ListenerDescriptor(container.id(), container.state().name(),
				(failure != null) ? failure.toString() : null, container.isPaused(), cursorId(container),
				Group.of(container), container.partitions().stream().map(Partition::of).toList(), lastReplay);
	}

	private static @Nullable String cursorId(ListenerContainer container) {
		ContainerProperties properties = container.properties();
		if (properties.getAckMode() == AckMode.NONE) {
			return null;
		}
		if (properties.getGroup() != null) {
			return CursorConvention.groupCursorId(properties.getGroup());
		}
		return (properties.getCursorId() != null) ? properties.getCursorId() : container.id();
	}

	/**
	 * A listener's place in its group.
	 *
	 * @param name the group's name
	 * @param member id of the member, {@code null} before it has joined
	 * @param coordinator broker id of the group's coordinator, {@code null} before it has
	 * joined
	 * @param epoch the group's epoch, unsigned, {@code null} before it has joined
	 */
	public record Group(String name, @Nullable String member, @Nullable String coordinator, @Nullable String epoch) {

		static @Nullable Group of(ListenerContainer container) {
			String name = container.properties().getGroup();
			if (name == null) {
				return null;
			}
			GroupMember member = container.groupMember();
			if (member == null || member.coordinator().isEmpty()) {
				return new Group(name, null, null, null);
			}
			return new Group(name, member.consumerId(), member.coordinator(), Long.toUnsignedString(member.epoch()));
		}

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
