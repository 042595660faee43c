package io.liftbridge.client.cursor;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.RpcException;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.SetCursorRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that was killed remembers its high watermark only up to some seconds before.
 * Cursors stored after that are on its disk, but it reads past them, answers with an
 * older position or none, and goes on answering so. The next write to the same partition
 * makes them visible; this is that write.
 */
final class CursorRecovery {

	private static final Logger logger = LoggerFactory.getLogger(CursorRecovery.class);

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final String ID = "__liftbridge-java-recovery-";

	private static final Duration SECOND_LOOK = Duration.ofMillis(300);

	private static final long NOT_SEEN = Long.MIN_VALUE;

	private final Cluster cluster;

	CursorRecovery(Cluster cluster) {
		this.cluster = cluster;
	}

	/** Completes when what is stored can be read, as far as that can be told. */
	CompletableFuture<Void> ensureReadable(long hash) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		// The other half belongs to the reading.
		long patience = this.cluster.options().requestTimeout().toNanos() / 2;
		long deadline = System.nanoTime() + patience;
		done.completeOnTimeout(null, patience, TimeUnit.NANOSECONDS);
		this.cluster.metadata().whenComplete((metadata, failure) -> check(hash, deadline, 1, NOT_SEEN, done));
		return this.cluster.track(done);
	}

	private void check(long hash, long deadline, int attempt, long highWatermark, CompletableFuture<Void> done) {
		int partitions = this.cluster.known().partitions(ClusterMetadata.CURSORS_STREAM);
		int partition = (partitions == 0) ? 0 : (int) (hash % partitions);
		FetchPartitionMetadataRequest request = FetchPartitionMetadataRequest.newBuilder()
			.setStream(ClusterMetadata.CURSORS_STREAM)
			.setPartition(partition)
			.build();
		Duration timeout = Duration.ofNanos(Math.max(1, Math.min(TIMEOUT.toNanos(), deadline - System.nanoTime())));
		this.cluster
			.callOnce(Rpc.FETCH_PARTITION, request, Target.leader(ClusterMetadata.CURSORS_STREAM, partition), timeout)
			.whenComplete((response, failure) -> {
				if (failure != null && isRefused(failure)) {
					// Reading cursors needs no permission for this, and would only wait.
					done.complete(null);
				}
				else if (response == null) {
					again(hash, partition, deadline, attempt, done);
				}
				else if (response.getMetadata().getNewestOffset() <= response.getMetadata().getHighWatermark()
						|| (highWatermark != NOT_SEEN && response.getMetadata().getHighWatermark() > highWatermark)) {
					done.complete(null);
				}
				else if (highWatermark == NOT_SEEN) {
					// Somebody may just be writing: look again.
					this.cluster.schedule(
							() -> check(hash, deadline, attempt, response.getMetadata().getHighWatermark(), done),
							SECOND_LOOK);
				}
				else {
					write(partition, partitions).whenComplete((written, refused) -> done.complete(null));
				}
			});
	}

	private static boolean isRefused(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return cause instanceof RpcException ended && ended.status().isNotAuthorized();
	}

	private void again(long hash, int partition, long deadline, int attempt, CompletableFuture<Void> done) {
		Duration pause = this.cluster.options().retryPolicy().pause(attempt);
		PartitionMetadata known = this.cluster.known().partition(ClusterMetadata.CURSORS_STREAM, partition);
		boolean paused = known != null && known.getPaused();
		boolean disabled = known == null && this.cluster.isConnected() && !this.cluster.isRecovering();
		if (paused || disabled || System.nanoTime() + pause.toNanos() > deadline) {
			// A paused partition does not answer, and was closed in good order.
			done.complete(null);
			return;
		}
		this.cluster
			.schedule(
					() -> this.cluster.refresh()
						.whenComplete((metadata, failure) -> check(hash, deadline, attempt + 1, NOT_SEEN, done)),
					pause);
	}

	private CompletableFuture<Void> write(int partition, int partitions) {
		int suffix = 0;
		String stream = this.cluster.options().namespace().outer("recovery");
		while (CursorStore.hash(ID + suffix, stream, 0) % Math.max(1, partitions) != partition) {
			suffix++;
		}
		String id = ID + suffix;
		logger.info("Partition {} of the cursors was not closed in good order; making its newest cursors visible",
				partition);
		SetCursorRequest request = SetCursorRequest.newBuilder()
			.setCursorId(id)
			.setStream("recovery")
			.setPartition(0)
			.setOffset(0)
			.build();
		return this.cluster
			.call(Rpc.SET_CURSOR, request, Target.cursorLeader(CursorStore.hash(id, stream, 0)), "cursor '" + id + "'")
			.thenApply((response) -> null);
	}

}
