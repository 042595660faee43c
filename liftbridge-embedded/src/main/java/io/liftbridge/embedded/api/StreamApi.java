package io.liftbridge.embedded.api;

import java.util.List;
import java.util.stream.IntStream;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.CreateStreamRequest;
import io.liftbridge.proto.CreateStreamResponse;
import io.liftbridge.proto.DeleteStreamRequest;
import io.liftbridge.proto.DeleteStreamResponse;
import io.liftbridge.proto.PauseStreamRequest;
import io.liftbridge.proto.PauseStreamResponse;
import io.liftbridge.proto.SetStreamReadonlyRequest;
import io.liftbridge.proto.SetStreamReadonlyResponse;

/**
 * Creates, deletes, pauses and locks streams.
 */
final class StreamApi {

	private final Streams streams;

	private final MetadataLeader leader;

	StreamApi(Streams streams, MetadataLeader leader) {
		this.streams = streams;
		this.leader = leader;
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.unary(APIGrpc.getCreateStreamMethod(), this::create));
		service.addMethod(Calls.unary(APIGrpc.getDeleteStreamMethod(), this::delete));
		service.addMethod(Calls.unary(APIGrpc.getPauseStreamMethod(), this::pause));
		service.addMethod(Calls.unary(APIGrpc.getSetStreamReadonlyMethod(), this::setReadonly));
	}

	private void create(CreateStreamRequest request, Reply<CreateStreamResponse> reply) {
		CreateStreamRequest checked = this.streams.check(request);
		change(reply, () -> this.streams.create(checked), CreateStreamResponse.getDefaultInstance());
	}

	private void delete(DeleteStreamRequest request, Reply<DeleteStreamResponse> reply) {
		this.streams.checkDeletion(request.getName());
		change(reply, () -> this.streams.delete(request.getName()), DeleteStreamResponse.getDefaultInstance());
	}

	private void pause(PauseStreamRequest request, Reply<PauseStreamResponse> reply) {
		List<Integer> partitions = partitions(request.getName(), request.getPartitionsList());
		change(reply, () -> this.streams.pause(request.getName(), partitions, request.getResumeAll()),
				PauseStreamResponse.getDefaultInstance());
	}

	private void setReadonly(SetStreamReadonlyRequest request, Reply<SetStreamReadonlyResponse> reply) {
		List<Integer> partitions = partitions(request.getName(), request.getPartitionsList());
		change(reply, () -> this.streams.setReadonly(request.getName(), partitions, request.getReadonly()),
				SetStreamReadonlyResponse.getDefaultInstance());
	}

	/**
	 * The partitions that are meant: all if none are named.
	 */
	private List<Integer> partitions(String name, List<Integer> named) {
		if (!named.isEmpty()) {
			return named;
		}
		Stream stream = this.streams.find(name);
		if (stream == null) {
			throw RefusedException.notFound("stream not found");
		}
		return IntStream.range(0, stream.partitions().size()).boxed().toList();
	}

	private <R> void change(Reply<R> reply, Runnable change, R response) {
		this.leader.whenKnown(reply.patienceNanos(), () -> reply.guard(() -> {
			change.run();
			reply.send(response);
		}));
	}

}
