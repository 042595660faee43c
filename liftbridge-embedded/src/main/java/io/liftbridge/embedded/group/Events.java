package io.liftbridge.embedded.group;

import java.util.Collection;

import io.liftbridge.proto.ActivityStreamEvent;
import io.liftbridge.proto.ActivityStreamOp;
import io.liftbridge.proto.JoinConsumerGroupOp;
import io.liftbridge.proto.LeaveConsumerGroupOp;

/**
 * What happens to groups, in the words of the activity stream.
 */
final class Events {

	private Events() {
	}

	static ActivityStreamEvent.Builder joined(String group, String consumer, Collection<String> streams) {
		return ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.JOIN_CONSUMER_GROUP)
			.setJoinConsumerGroupOp(
					JoinConsumerGroupOp.newBuilder().setGroupId(group).setConsumerId(consumer).addAllStreams(streams));
	}

	static ActivityStreamEvent.Builder left(String group, String consumer, boolean expired) {
		return ActivityStreamEvent.newBuilder()
			.setOp(ActivityStreamOp.LEAVE_CONSUMER_GROUP)
			.setLeaveConsumerGroupOp(
					LeaveConsumerGroupOp.newBuilder().setGroupId(group).setConsumerId(consumer).setExpired(expired));
	}

}
