package io.liftbridge.client.group;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.RpcException;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.LeaveConsumerGroupResponse;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorResponse;
import org.jspecify.annotations.Nullable;

/**
 * What a member asks of the brokers. Each answer, or the status instead of it, is an
 * event of the member.
 */
final class Calls {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofSeconds(4);

	private final Cluster cluster;

	private final GroupOptions options;

	private final Serial<Runnable> events;

	/**
	 * A broker that hangs must not use up the time in which the member is to be heard.
	 */
	private Duration timeout = LONGEST;

	Calls(Cluster cluster, GroupOptions options, Serial<Runnable> events) {
		this.cluster = cluster;
		this.options = options;
		this.events = events;
	}

	void heartbeatInterval(Duration interval) {
		this.timeout = (interval.compareTo(SHORTEST) < 0) ? SHORTEST
				: (interval.compareTo(LONGEST) > 0) ? LONGEST : interval;
	}

	/** Asks any broker for the streams. */
	void metadata(BiConsumer<@Nullable ClusterMetadata, RpcStatus> then) {
		this.cluster.refresh()
			.whenComplete((metadata, failure) -> this.events.post(() -> then.accept(metadata, status(failure))));
	}

	void join(List<String> streams, BiConsumer<@Nullable JoinConsumerGroupResponse, RpcStatus> then) {
		JoinConsumerGroupRequest request = JoinConsumerGroupRequest.newBuilder()
			.setGroupId(this.options.group())
			.setConsumerId(this.options.consumerId())
			.addAllStreams(streams)
			.build();
		ask(Rpc.JOIN_GROUP, request, Target.any(), then);
	}

	void leave(BiConsumer<@Nullable LeaveConsumerGroupResponse, RpcStatus> then) {
		LeaveConsumerGroupRequest request = LeaveConsumerGroupRequest.newBuilder()
			.setGroupId(this.options.group())
			.setConsumerId(this.options.consumerId())
			.build();
		ask(Rpc.LEAVE_GROUP, request, Target.any(), then);
	}

	void assignments(String coordinator, long epoch,
			BiConsumer<@Nullable FetchConsumerGroupAssignmentsResponse, RpcStatus> then) {
		FetchConsumerGroupAssignmentsRequest request = FetchConsumerGroupAssignmentsRequest.newBuilder()
			.setGroupId(this.options.group())
			.setConsumerId(this.options.consumerId())
			.setEpoch(epoch)
			.build();
		ask(Rpc.ASSIGNMENTS, request, Target.broker(coordinator), then);
	}

	void report(String coordinator, long epoch,
			BiConsumer<@Nullable ReportConsumerGroupCoordinatorResponse, RpcStatus> then) {
		ReportConsumerGroupCoordinatorRequest request = ReportConsumerGroupCoordinatorRequest.newBuilder()
			.setGroupId(this.options.group())
			.setConsumerId(this.options.consumerId())
			.setCoordinator(coordinator)
			.setEpoch(epoch)
			.build();
		ask(Rpc.REPORT, request, Target.other(coordinator), then);
	}

	/**
	 * Asks for the group's coordinator and epoch.
	 * @param target one that answers
	 */
	void describe(Target target, BiConsumer<@Nullable ConsumerGroupMetadata, RpcStatus> then) {
		FetchMetadataRequest request = FetchMetadataRequest.newBuilder()
			// None would mean all of them.
			.addAllStreams(this.options.streams())
			.addGroups(this.options.group())
			.build();
		ask(Rpc.FETCH_METADATA, request, target, (response, status) -> {
			ConsumerGroupMetadata group = (response == null) ? null : response.getGroupMetadataList()
				.stream()
				.filter((candidate) -> candidate.getGroupId().equals(this.options.group()))
				.findFirst()
				.orElse(ConsumerGroupMetadata.newBuilder().setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP).build());
			then.accept(group, status);
		});
	}

	private <Q, R> void ask(Rpc<Q, R> rpc, Q request, Target target, BiConsumer<@Nullable R, RpcStatus> then) {
		this.cluster.callOnce(rpc, request, target, this.timeout)
			.whenComplete((response, failure) -> this.events.post(() -> then.accept(response, status(failure))));
	}

	private static RpcStatus status(@Nullable Throwable failure) {
		if (failure == null) {
			return new RpcStatus(RpcStatus.Code.OK, "", "");
		}
		Throwable cause = failure;
		while (cause.getCause() != null && !(cause instanceof RpcException)) {
			cause = cause.getCause();
		}
		return (cause instanceof RpcException rpc) ? rpc.status() : new RpcStatus(RpcStatus.Code.UNAVAILABLE,
				String.valueOf(Cluster.unwrap(failure).getMessage()), "the client");
	}

}
