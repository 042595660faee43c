package io.liftbridge.embedded.api;

import java.time.Duration;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.group.ConsumerGroups;
import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.LeaveConsumerGroupResponse;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorResponse;

/**
 * Lets consumers form groups.
 */
final class GroupApi {

	private final ConsumerGroups groups;

	private final MetadataLeader leader;

	private final JoinConsumerGroupResponse joined;

	GroupApi(ConsumerGroups groups, MetadataLeader leader, Cluster cluster, Duration consumerTimeout,
			Duration coordinatorTimeout) {
		this.groups = groups;
		this.leader = leader;
		this.joined = JoinConsumerGroupResponse.newBuilder()
			.setCoordinator(cluster.brokerId())
			.setConsumerTimeout(consumerTimeout.toNanos())
			.setCoordinatorTimeout(coordinatorTimeout.toNanos())
			.build();
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.unary(APIGrpc.getJoinConsumerGroupMethod(), this::join));
		service.addMethod(Calls.unary(APIGrpc.getLeaveConsumerGroupMethod(), this::leave));
		service.addMethod(Calls.unary(APIGrpc.getFetchConsumerGroupAssignmentsMethod(), this::assignments));
		service.addMethod(Calls.unary(APIGrpc.getReportConsumerGroupCoordinatorMethod(), this::report));
	}

	private void join(JoinConsumerGroupRequest request, Reply<JoinConsumerGroupResponse> reply) {
		checkGiven(request.getGroupId(), "groupId");
		checkGiven(request.getConsumerId(), "consumerId");
		if (request.getStreamsCount() == 0) {
			throw RefusedException.invalid("No streams provided");
		}
		this.leader.whenKnown(reply.patienceNanos(), () -> reply.guard(() -> {
			long epoch = this.groups.join(request.getGroupId(), request.getConsumerId(), request.getStreamsList());
			reply.send(this.joined.toBuilder().setEpoch(epoch).build());
		}));
	}

	private void leave(LeaveConsumerGroupRequest request, Reply<LeaveConsumerGroupResponse> reply) {
		checkGiven(request.getGroupId(), "groupId");
		checkGiven(request.getConsumerId(), "consumerId");
		this.leader.whenKnown(reply.patienceNanos(), () -> reply.guard(() -> {
			this.groups.leave(request.getGroupId(), request.getConsumerId());
			reply.send(LeaveConsumerGroupResponse.getDefaultInstance());
		}));
	}

	private void assignments(FetchConsumerGroupAssignmentsRequest request,
			Reply<FetchConsumerGroupAssignmentsResponse> reply) {
		checkGiven(request.getGroupId(), "groupId");
		checkGiven(request.getConsumerId(), "consumerId");
		reply.send(this.groups.assignments(request.getGroupId(), request.getConsumerId(), request.getEpoch()));
	}

	private void report(ReportConsumerGroupCoordinatorRequest request,
			Reply<ReportConsumerGroupCoordinatorResponse> reply) {
		checkGiven(request.getGroupId(), "groupId");
		checkGiven(request.getConsumerId(), "consumerId");
		checkGiven(request.getCoordinator(), "coordinator");
		this.leader.whenKnown(reply.patienceNanos(), () -> reply.guard(() -> {
			this.groups.report(request.getGroupId(), request.getConsumerId(), request.getCoordinator(),
					request.getEpoch());
			reply.send(ReportConsumerGroupCoordinatorResponse.getDefaultInstance());
		}));
	}

	private static void checkGiven(String value, String name) {
		if (value.isEmpty()) {
			throw RefusedException.invalid("No " + name + " provided");
		}
	}

}
