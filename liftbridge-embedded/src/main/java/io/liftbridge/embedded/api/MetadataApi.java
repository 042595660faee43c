package io.liftbridge.embedded.api;

import java.util.function.Supplier;

import io.grpc.ServerServiceDefinition;
import io.liftbridge.embedded.group.ConsumerGroups;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Broker;
import io.liftbridge.proto.FetchMetadataRequest;
import io.liftbridge.proto.FetchMetadataResponse;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.StreamMetadata;

/**
 * Tells what there is.
 */
final class MetadataApi {

	private final Streams streams;

	private final ConsumerGroups groups;

	private final Supplier<Broker> self;

	MetadataApi(Streams streams, ConsumerGroups groups, Supplier<Broker> self) {
		this.streams = streams;
		this.groups = groups;
		this.self = self;
	}

	void addTo(ServerServiceDefinition.Builder service) {
		service.addMethod(Calls.unary(APIGrpc.getFetchMetadataMethod(), this::fetch));
		service.addMethod(Calls.unary(APIGrpc.getFetchPartitionMetadataMethod(), this::fetchPartition));
	}

	private void fetch(FetchMetadataRequest request, Reply<FetchMetadataResponse> reply) {
		FetchMetadataResponse.Builder response = FetchMetadataResponse.newBuilder().addBrokers(broker());
		if (request.getStreamsList().isEmpty()) {
			this.streams.all().forEach((stream) -> response.addStreamMetadata(stream.describe()));
		}
		for (String name : request.getStreamsList()) {
			Stream stream = this.streams.find(name);
			response.addStreamMetadata((stream != null) ? stream.describe()
					: StreamMetadata.newBuilder().setName(name).setError(StreamMetadata.Error.UNKNOWN_STREAM).build());
		}
		request.getGroupsList().forEach((group) -> response.addGroupMetadata(this.groups.describe(group)));
		reply.send(response.build());
	}

	private Broker broker() {
		int active = (int) this.streams.all()
			.stream()
			.flatMap((stream) -> stream.partitions().stream())
			.filter((partition) -> !partition.isPaused())
			.count();
		return this.self.get().toBuilder().setPartitionCount(active).setLeaderCount(active).build();
	}

	private void fetchPartition(FetchPartitionMetadataRequest request, Reply<FetchPartitionMetadataResponse> reply) {
		Stream stream = this.streams.find(request.getStream());
		Partition partition = (stream != null) ? stream.partition(request.getPartition()) : null;
		if (partition == null) {
			throw RefusedException.notFound("partition not found");
		}
		if (partition.isPaused()) {
			throw RefusedException.failedPrecondition("The request should be sent to partition leader");
		}
		reply.send(FetchPartitionMetadataResponse.newBuilder().setMetadata(partition.describe()).build());
	}

}
