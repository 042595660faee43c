package io.liftbridge.test.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.grpc.Status.Code;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.PartitionAssignment;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static java.util.stream.Collectors.toMap;

/**
 * What the scenarios about consumer groups share.
 */
abstract class GroupScenarios extends Scenarios {

	static final String NOT_MEMBER = "consumer is not a member of the consumer group";

	static final String NO_GROUP = "consumer group does not exist";

	static final String EPOCH_DIFFERS = "client-provided group epoch differs from broker group epoch";

	JoinConsumerGroupResponse join(String group, String consumer, String... streams) {
		return api().joinConsumerGroup(JoinConsumerGroupRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.addAllStreams(List.of(streams))
			.build());
	}

	void leave(String group, String consumer) {
		api().leaveConsumerGroup(
				LeaveConsumerGroupRequest.newBuilder().setGroupId(group).setConsumerId(consumer).build());
	}

	FetchConsumerGroupAssignmentsResponse fetch(String group, String consumer, long epoch) {
		return api().fetchConsumerGroupAssignments(FetchConsumerGroupAssignmentsRequest.newBuilder()
			.setGroupId(group)
			.setConsumerId(consumer)
			.setEpoch(epoch)
			.build());
	}

	/**
	 * Partitions by stream, as of now.
	 */
	Map<String, List<Integer>> assignments(String group, String consumer) {
		return fetch(group, consumer, epoch(group)).getAssignmentsList()
			.stream()
			.collect(toMap(PartitionAssignment::getStream, PartitionAssignment::getPartitionsList, (first, second) -> {
				throw new AssertionError("Two entries for one stream");
			}, TreeMap::new));
	}

	ConsumerGroupMetadata describeGroup(String group) {
		return api().fetchMetadata(FetchMetadataRequest.newBuilder().addGroups(group).build()).getGroupMetadata(0);
	}

	long epoch(String group) {
		return describeGroup(group).getEpoch();
	}

	boolean exists(String group) {
		return describeGroup(group).getError() == ConsumerGroupMetadata.Error.OK;
	}

	static void assertPrecondition(String text, ThrowingCallable call) {
		assertRefused(Code.FAILED_PRECONDITION, text, call);
	}

}
