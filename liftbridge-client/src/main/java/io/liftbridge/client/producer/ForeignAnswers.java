package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.FetchPartitionMetadataResponse;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Answers of other streams on the same subject. Usually all streams store a message and
 * the own one answers, too; in a load-balance group only one of them does, and that may
 * be another one. The two cannot be told apart while the own stream's leader is away: the
 * answer of another stream counts only once that leader was seen to be there and silent.
 */
final class ForeignAnswers {

	/** How long the own stream may answer later than another one. */
	private static final Duration GRACE = Duration.ofMillis(500);

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private final Cluster cluster;

	private final String stream;

	private final Window window;

	private final Consumer<Supplier<List<Pending>>> onStored;

	private boolean any;

	private boolean asking;

	/**
	 * Creates it.
	 * @param onStored takes messages that are stored elsewhere; what it is given must be
	 * asked for as an event of the lane
	 */
	ForeignAnswers(Cluster cluster, String stream, Window window, Consumer<Supplier<List<Pending>>> onStored) {
		this.cluster = cluster;
		this.stream = stream;
		this.window = window;
		this.onStored = onStored;
	}

	boolean isForeign(PublishResponse response) {
		String by = response.getAck().getStream();
		return !by.isEmpty() && !by.equals(this.stream);
	}

	void add(Pending pending, PublishResponse response) {
		pending.resolveForeign(WirePolicy.of(response.getAck(), response.getAck().getStream(), pending.partition,
				pending.message.correlationId()));
		this.any = true;
	}

	/** Asks the own leader whether it is there, if another stream alone has answered. */
	void check(long now) {
		if (!this.any || this.asking) {
			return;
		}
		long before = now - GRACE.toNanos();
		Pending oldest = this.window.oldestForeign(before);
		if (oldest == null) {
			return;
		}
		this.asking = true;
		int partition = oldest.partition;
		this.cluster
			.callOnce(Rpc.FETCH_PARTITION,
					FetchPartitionMetadataRequest.newBuilder().setStream(this.stream).setPartition(partition).build(),
					Target.leader(this.stream, partition), TIMEOUT)
			.whenComplete((response, failure) -> this.onStored.accept(() -> stored(response, partition, before)));
	}

	private List<Pending> stored(@Nullable FetchPartitionMetadataResponse response, int partition, long before) {
		this.asking = false;
		if (response == null) {
			return List.of();
		}
		PartitionMetadata metadata = response.getMetadata();
		// What is not committed may yet be answered to those who wait for all replicas.
		boolean committed = metadata.getNewestOffset() <= metadata.getHighWatermark();
		return this.window.removeForeign(before, partition, committed);
	}

}
