package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happens to a pipe into events of its lane.
 */
final class PipeEvents implements PublishPipe.Listener {

	private static final Duration END_TIMEOUT = Duration.ofSeconds(2);

	private final Lane lane;

	volatile @Nullable PublishPipe pipe;

	PipeEvents(Lane lane) {
		this.lane = lane;
	}

	@Override
	public void onResponses(List<PublishResponse> responses) {
		this.lane.post(() -> this.lane.answered(responses));
	}

	@Override
	public void onReady() {
		this.lane.post(this.lane::transmit);
	}

	@Override
	public void onClosed(RpcStatus status) {
		this.lane.post(() -> this.lane.pipeClosed(this, status));
	}

	/**
	 * Ends a pipe. The server may keep the call open for five seconds although all is
	 * answered; but cancelling it could lose messages that nobody answers, and for these
	 * the server is given a moment.
	 */
	static CompletableFuture<Void> end(PublishPipe last, boolean unanswered, Cluster cluster) {
		last.halfClose();
		CompletableFuture<Void> wait = unanswered ? cluster.delay(END_TIMEOUT)
				: CompletableFuture.completedFuture(null);
		return wait.whenComplete((nothing, failure) -> last.cancel());
	}

}
