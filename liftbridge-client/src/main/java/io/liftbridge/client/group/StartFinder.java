package io.liftbridge.client.group;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PartitionMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where a member begins to read a partition. A position that depends on the moment
 * is stored before the first message, so that whoever takes over misses nothing.
 */
final class StartFinder {

	private static final Logger logger = LoggerFactory.getLogger(StartFinder.class);

	/**
	 * Where no message is known yet no position can be stored: a cursor with this added
	 * to its id says since when reading had begun, in Unix nanoseconds, 0 for the
	 * beginning.
	 */
	private static final String BEGUN = ":begun";

	private final Cluster cluster;

	private final GroupOptions options;

	private final CursorStore cursors;

	StartFinder(Cluster cluster, GroupOptions options, CursorStore cursors) {
		this.cluster = cluster;
		this.options = options;
		this.cursors = cursors;
	}

	/** What the group has processed, as its cursor says. */
	CompletableFuture<OptionalLong> stored(GroupPartition partition) {
		return this.options.tracking().isNone() ? CompletableFuture.completedFuture(OptionalLong.empty())
				: find(this.options.cursorId(), partition);
	}

	/**
	 * Finds where to begin.
	 * @param stored what the cursor says
	 * @param chosen what the listener says
	 */
	CompletableFuture<StartPosition> find(GroupPartition partition, OptionalLong stored,
			@Nullable StartPosition chosen) {
		if (chosen != null) {
			return settle(partition, stored, chosen);
		}
		if (stored.isPresent()) {
			return after(partition, stored.getAsLong());
		}
		if (this.options.tracking().isNone() || isFixed(this.options.start())) {
			return settle(partition, stored, this.options.start());
		}
		return find(this.options.cursorId() + BEGUN, partition)
			.thenCompose((begun) -> begun.isPresent() ? CompletableFuture.completedFuture(since(begun.getAsLong()))
					: settle(partition, stored, this.options.start()));
	}

	/** Goes on, in a stream that may be another one of the same name. */
	CompletableFuture<StartPosition> after(GroupPartition partition, long stored) {
		return leader(partition).thenCompose((leader) -> {
			if (leader == null || stored <= leader.getNewestOffset()) {
				return CompletableFuture.completedFuture(StartPosition.offset(stored + 1));
			}
			logger.warn(
					"Group '{}': {} was read up to offset {} and now ends at {}: it was created anew or has lost"
							+ " messages, and is read from its beginning",
					this.options.group(), partition, stored, leader.getNewestOffset());
			if (this.options.tracking().isNone()) {
				return CompletableFuture.completedFuture(StartPosition.earliest());
			}
			return set(this.options.cursorId() + BEGUN, partition, 0)
				.thenCompose((done) -> set(this.options.cursorId(), partition, -1))
				.thenApply((done) -> StartPosition.earliest());
		});
	}

	/** Turns a moment into an offset, and remembers it. */
	private CompletableFuture<StartPosition> settle(GroupPartition partition, OptionalLong stored,
			StartPosition start) {
		if (isFixed(start)) {
			return CompletableFuture.completedFuture(start);
		}
		if (start.kind() == StartPosition.Kind.TIMESTAMP) {
			return remember(partition, stored, start);
		}
		return leader(partition).thenCompose((leader) -> {
			if (leader == null) {
				// Paused: where it ends is not known before it is resumed.
				return CompletableFuture.completedFuture(start);
			}
			// Not the high watermark: after a crash of the broker it begins at -1 again.
			long newest = leader.getNewestOffset();
			boolean latest = start.kind() == StartPosition.Kind.LATEST;
			return remember(partition, stored, StartPosition.offset(latest ? Math.max(0, newest) : newest + 1));
		});
	}

	private CompletableFuture<StartPosition> remember(GroupPartition partition, OptionalLong stored,
			StartPosition start) {
		if (this.options.tracking().isNone() || stored.isPresent()) {
			return CompletableFuture.completedFuture(start);
		}
		boolean offset = start.kind() == StartPosition.Kind.OFFSET;
		CompletableFuture<Void> done = (offset && start.value() > 0)
				? set(this.options.cursorId(), partition, start.value() - 1)
				: set(this.options.cursorId() + BEGUN, partition, offset ? 0 : Math.max(0, start.value()));
		return done.thenApply((nothing) -> start);
	}

	private static StartPosition since(long nanos) {
		return (nanos == 0) ? StartPosition.earliest() : StartPosition.at(Instant.EPOCH.plusNanos(nanos));
	}

	private static boolean isFixed(StartPosition start) {
		return start.kind() == StartPosition.Kind.EARLIEST || start.kind() == StartPosition.Kind.OFFSET;
	}

	/**
	 * The leader's word, {@code null} if the partition may be paused: none comes then.
	 */
	private CompletableFuture<@Nullable PartitionMetadata> leader(GroupPartition partition) {
		FetchPartitionMetadataRequest request = FetchPartitionMetadataRequest.newBuilder()
			.setStream(partition.stream())
			.setPartition(partition.partition())
			.build();
		Target leader = Target.leader(partition.stream(), partition.partition());
		Duration timeout = this.cluster.options().connectTimeout();
		PartitionMetadata known = this.cluster.known().partition(partition.stream(), partition.partition());
		if (known != null && known.getPaused()) {
			return this.cluster.callOnce(Rpc.FETCH_PARTITION, request, leader, timeout)
				.handle((response, failure) -> (response != null) ? response.getMetadata() : null);
		}
		return this.cluster
			.call(Rpc.FETCH_PARTITION, request, leader,
					"stream '" + partition.stream() + "' partition " + partition.partition(), timeout)
			.thenApply((response) -> response.getMetadata());
	}

	private CompletableFuture<OptionalLong> find(String cursorId, GroupPartition partition) {
		return this.cursors.findAsync(cursorId, partition.stream(), partition.partition());
	}

	private CompletableFuture<Void> set(String cursorId, GroupPartition partition, long processed) {
		return this.cursors.setAsync(cursorId, partition.stream(), partition.partition(), processed);
	}

}
