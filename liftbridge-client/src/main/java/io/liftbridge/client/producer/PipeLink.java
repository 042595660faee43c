package io.liftbridge.client.producer;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happens to a pipe into events of its lane, which say which pipe it was.
 */
final class PipeLink implements PublishPipe.Listener {

	private final IdempotentLane lane;

	private @Nullable PublishPipe pipe;

	private PipeLink(IdempotentLane lane) {
		this.lane = lane;
	}

	/** Opens a pipe; there is none if no broker is known. */
	static @Nullable PipeLink open(IdempotentLane lane, Cluster cluster, String stream, int partition) {
		PipeLink link = new PipeLink(lane);
		link.pipe = cluster.publish(stream, partition, link);
		return (link.pipe != null) ? link : null;
	}

	private PublishPipe pipe() {
		return Objects.requireNonNull(this.pipe);
	}

	void hand(Placed placed, long expectedOffset, String id) {
		placed.pending.sent = true;
		pipe().send(placed.pending.request.setExpectedOffset(expectedOffset)
			.setCorrelationId(id)
			.putHeaders(PublishingId.TOKEN_HEADER, placed.token)
			.build());
	}

	boolean hasConnected() {
		return pipe().hasConnected();
	}

	void cancel() {
		pipe().cancel();
	}

	CompletableFuture<Void> end(Cluster cluster) {
		return PipeEvents.end(pipe(), false, cluster);
	}

	@Override
	public void onResponses(List<PublishResponse> responses) {
		this.lane.post(() -> this.lane.answered(this, responses));
	}

	@Override
	public void onReady() {
		// Messages are handed over whether it is or not.
	}

	@Override
	public void onClosed(RpcStatus status) {
		this.lane.post(() -> this.lane.pipeClosed(this, status));
	}

}
