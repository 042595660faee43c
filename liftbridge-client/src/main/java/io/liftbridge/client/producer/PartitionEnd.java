package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PartitionMetadata;

/**
 * Asks the leader of a partition where it ends.
 */
final class PartitionEnd {

	private PartitionEnd() {
	}

	/** Asks. A partition that is paused is resumed, as publishing would do. */
	static CompletableFuture<PartitionMetadata> ask(Cluster cluster, String stream, int partition, Duration timeout) {
		PartitionMetadata known = cluster.known().partition(stream, partition);
		// Resuming it by reading would make a read-only one writable.
		boolean resume = known != null && known.getPaused() && !known.getReadonly();
		CompletableFuture<?> awake = resume
				? LogReader.resume(cluster, stream, partition, timeout).exceptionally((failure) -> -1L)
				: CompletableFuture.completedFuture(null);
		return awake
			.thenCompose((done) -> cluster.call(Rpc.FETCH_PARTITION,
					FetchPartitionMetadataRequest.newBuilder().setStream(stream).setPartition(partition).build(),
					Target.leader(stream, partition), "stream '" + stream + "' partition " + partition, timeout))
			.thenApply((response) -> response.getMetadata());
	}

}
