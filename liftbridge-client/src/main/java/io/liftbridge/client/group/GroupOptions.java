package io.liftbridge.client.group;

import java.util.List;
import java.util.function.Function;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;

/**
 * What a member of a group was told by its builder. For use inside the client.
 *
 * @param group the group's name
 * @param consumerId the member's id
 * @param streams the streams to read
 * @param singleActive whether one member has all partitions
 * @param start where to begin without a cursor
 * @param tracking when to store positions
 * @param reading how to read a partition, and who receives its messages
 * @param listener is told what becomes of the member
 */
public record GroupOptions(String group, String consumerId, List<String> streams, boolean singleActive,
		StartPosition start, OffsetTracking tracking, Function<SubscriptionBuilder, SubscriptionBuilder> reading,
		ConsumerUpdateListener listener) {

	/** The group's cursors have the id that go-liftbridge uses. */
	String cursorId() {
		return CursorConvention.groupCursorId(this.group);
	}

}
