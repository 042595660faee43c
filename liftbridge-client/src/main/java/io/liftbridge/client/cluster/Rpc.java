package io.liftbridge.client.cluster;

import io.grpc.MethodDescriptor;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.DeleteStreamResponse;
import io.liftbridge.proto.FetchCursorRequest;
import io.liftbridge.proto.FetchCursorResponse;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PauseStreamResponse;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;
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
			APIGrpc.getCreateStreamMethod(), true, RpcStatus.Code.ALREADY_EXISTS,
			CreateStreamResponse.getDefaultInstance());

	/** Deletes a stream. */
	public static final Rpc<DeleteStreamRequest, DeleteStreamResponse> DELETE_STREAM = new Rpc<>("delete stream",
			APIGrpc.getDeleteStreamMethod(), true, RpcStatus.Code.NOT_FOUND, DeleteStreamResponse.getDefaultInstance());

	/** Pauses partitions. */
	public static final Rpc<PauseStreamRequest, PauseStreamResponse> PAUSE_STREAM = new Rpc<>("pause stream",
			APIGrpc.getPauseStreamMethod(), true);

	/** Sets partitions read-only. */
	public static final Rpc<SetStreamReadonlyRequest, SetStreamReadonlyResponse> SET_READONLY = new Rpc<>(
			"set read-only", APIGrpc.getSetStreamReadonlyMethod(), true);

	/** Reads the cluster's metadata. */
	public static final Rpc<FetchMetadataRequest, FetchMetadataResponse> FETCH_METADATA = new Rpc<>("fetch metadata",
			APIGrpc.getFetchMetadataMethod(), true);

	/** Reads a partition's metadata from its leader. */
	public static final Rpc<FetchPartitionMetadataRequest, FetchPartitionMetadataResponse> FETCH_PARTITION = new Rpc<>(
			"describe partition", APIGrpc.getFetchPartitionMetadataMethod(), true);

	/** Stores a cursor. */
	public static final Rpc<SetCursorRequest, SetCursorResponse> SET_CURSOR = new Rpc<>("set cursor",
			APIGrpc.getSetCursorMethod(), true);

	/** Reads a cursor. */
	public static final Rpc<FetchCursorRequest, FetchCursorResponse> FETCH_CURSOR = new Rpc<>("fetch cursor",
			APIGrpc.getFetchCursorMethod(), true);

	/** Publishes to a NATS subject. */
	public static final Rpc<PublishToSubjectRequest, PublishToSubjectResponse> PUBLISH_TO_SUBJECT = new Rpc<>(
			"publish to subject", APIGrpc.getPublishToSubjectMethod(), false);

	private final String name;

	private final MethodDescriptor<Q, R> method;

	private final boolean repeatable;

	private final RpcStatus.@Nullable Code doneCode;

	private final @Nullable R done;

	private Rpc(String name, MethodDescriptor<Q, R> method, boolean repeatable) {
		this(name, method, repeatable, null, null);
	}

	private Rpc(String name, MethodDescriptor<Q, R> method, boolean repeatable, RpcStatus.@Nullable Code doneCode,
			@Nullable R done) {
		this.name = name;
		this.method = method;
		this.repeatable = repeatable;
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

	MethodDescriptor<Q, R> method() {
		return this.method;
	}

	/**
	 * Whether doing it twice does no harm, so that a lost answer may be asked for again.
	 */
	boolean isRepeatable() {
		return this.repeatable;
	}

	@Override
	public String toString() {
		return this.name;
	}

}
