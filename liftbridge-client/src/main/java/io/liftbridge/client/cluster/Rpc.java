package io.liftbridge.client.cluster;

import io.grpc.MethodDescriptor;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.DeleteStreamResponse;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchCursorResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.LeaveConsumerGroupResponse;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PauseStreamResponse;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorResponse;
import io.liftbridge.proto.SetCursorRequest;
import io.liftbridge.proto.SetCursorResponse;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.SetStreamReadonlyResponse;
import org.jspecify.annotations.Nullable;

/**
 * A call with one request and one response. For use inside the client.
 *
 * @param <Q> the request
 * @param <R> the response
 */
public final class Rpc<Q, R> {

	/** Creates a stream. */
	public static final Rpc<CreateStreamRequest, CreateStreamResponse> CREATE_STREAM = new Rpc<>("create stream",
			APIGrpc.getCreateStreamMethod(), Effect.REPEATABLE, RpcStatus.Code.ALREADY_EXISTS,
			CreateStreamResponse.newBuilder().build());

	/** Deletes a stream. */
	public static final Rpc<DeleteStreamRequest, DeleteStreamResponse> DELETE_STREAM = new Rpc<>("delete stream",
			APIGrpc.getDeleteStreamMethod(), Effect.REPEATABLE, RpcStatus.Code.NOT_FOUND,
			DeleteStreamResponse.newBuilder().build());

	/** Pauses partitions. */
	public static final Rpc<PauseStreamRequest, PauseStreamResponse> PAUSE_STREAM = new Rpc<>("pause stream",
			APIGrpc.getPauseStreamMethod(), Effect.REPEATABLE);

	/** Sets partitions read-only. */
	public static final Rpc<SetStreamReadonlyRequest, SetStreamReadonlyResponse> SET_READONLY = new Rpc<>(
			"set read-only", APIGrpc.getSetStreamReadonlyMethod(), Effect.REPEATABLE);

	/** Reads the cluster's metadata. */
	public static final Rpc<FetchMetadataRequest, FetchMetadataResponse> FETCH_METADATA = new Rpc<>("fetch metadata",
			APIGrpc.getFetchMetadataMethod(), Effect.NONE);

	/** Reads a partition's metadata from its leader. */
	public static final Rpc<FetchPartitionMetadataRequest, FetchPartitionMetadataResponse> FETCH_PARTITION = new Rpc<>(
			"describe partition", APIGrpc.getFetchPartitionMetadataMethod(), Effect.NONE);

	/** Stores a cursor. */
	public static final Rpc<SetCursorRequest, SetCursorResponse> SET_CURSOR = new Rpc<>("set cursor",
			APIGrpc.getSetCursorMethod(), Effect.REPEATABLE);

	/** Reads a cursor. */
	public static final Rpc<FetchCursorRequest, FetchCursorResponse> FETCH_CURSOR = new Rpc<>("fetch cursor",
			APIGrpc.getFetchCursorMethod(), Effect.NONE);

	/** Publishes to a NATS subject. */
	public static final Rpc<PublishToSubjectRequest, PublishToSubjectResponse> PUBLISH_TO_SUBJECT = new Rpc<>(
			"publish to subject", APIGrpc.getPublishToSubjectMethod(), Effect.ONCE_EACH);

	/**
	 * Publishes to a stream; with a deadline the server waits for the acknowledgement.
	 */
	public static final Rpc<PublishRequest, PublishResponse> PUBLISH = new Rpc<>("publish", APIGrpc.getPublishMethod(),
			Effect.ONCE_EACH);

	/** Makes a consumer a member of a group. */
	public static final Rpc<JoinConsumerGroupRequest, JoinConsumerGroupResponse> JOIN_GROUP = new Rpc<>("join group",
			APIGrpc.getJoinConsumerGroupMethod(), Effect.ONCE_EACH);

	/** Ends a consumer's membership. */
	public static final Rpc<LeaveConsumerGroupRequest, LeaveConsumerGroupResponse> LEAVE_GROUP = new Rpc<>(
			"leave group", APIGrpc.getLeaveConsumerGroupMethod(), Effect.REPEATABLE);

	/** Reads a member's partitions, which also keeps it a member. */
	public static final Rpc<FetchConsumerGroupAssignmentsRequest, FetchConsumerGroupAssignmentsResponse> ASSIGNMENTS;

	/** Says that a group's coordinator cannot be reached. */
	public static final Rpc<ReportConsumerGroupCoordinatorRequest, ReportConsumerGroupCoordinatorResponse> REPORT;

	static {
		ASSIGNMENTS = new Rpc<>("fetch assignments", APIGrpc.getFetchConsumerGroupAssignmentsMethod(),
				Effect.REPEATABLE);
		REPORT = new Rpc<>("report coordinator", APIGrpc.getReportConsumerGroupCoordinatorMethod(), Effect.REPEATABLE);
	}

	private final String name;

	private final MethodDescriptor<Q, R> method;

	private final Effect effect;

	private final RpcStatus.@Nullable Code doneCode;

	private final @Nullable R done;

	private Rpc(String name, MethodDescriptor<Q, R> method, Effect effect) {
		this(name, method, effect, null, null);
	}

	private Rpc(String name, MethodDescriptor<Q, R> method, Effect effect, RpcStatus.@Nullable Code doneCode,
			@Nullable R done) {
		this.name = name;
		this.method = method;
		this.effect = effect;
		this.doneCode = doneCode;
		this.done = done;
	}

	/**
	 * What a repeated call answers if an attempt without answer was carried out after
	 * all.
	 * @param code how the repeated call ended
	 * @return the answer, or {@code null} if the code says something else
	 */
	@Nullable R doneBefore(RpcStatus.Code code) {
		return (code == this.doneCode) ? this.done : null;
	}

	/**
	 * Whether an answer was concluded from a refusal, see {@link #doneBefore}.
	 * @param response the answer
	 * @return whether it was
	 */
	public boolean isConcluded(R response) {
		return response == this.done;
	}

	/**
	 * The same call, for those who know that a refusal says nothing about an earlier
	 * attempt.
	 * @return the call that concludes nothing
	 */
	public Rpc<Q, R> literally() {
		return new Rpc<>(this.name, this.method, this.effect);
	}

	MethodDescriptor<Q, R> method() {
		return this.method;
	}

	/**
	 * Whether doing it twice does no harm, so that a lost answer may be asked for again.
	 */
	boolean isRepeatable() {
		return this.effect != Effect.ONCE_EACH;
	}

	/** Whether it leaves everything as it is. */
	boolean isReading() {
		return this.effect == Effect.NONE;
	}

	@Override
	public String toString() {
		return this.name;
	}

	private enum Effect {

		/** It only reads. */
		NONE,

		/** Done twice it is as if done once. */
		REPEATABLE,

		/** It is done as often as it arrives. */
		ONCE_EACH

	}

}
