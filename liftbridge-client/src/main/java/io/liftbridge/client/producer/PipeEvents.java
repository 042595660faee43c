package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * Turns what happens to a pipe into events of its lane.
 */
final class PipeEvents implements PublishPipe.Listener {

	private final Serial<Object> events;

	volatile @Nullable PublishPipe pipe;

	PipeEvents(Serial<Object> events) {
		this.events = events;
	}

	@Override
	public void onResponses(List<PublishResponse> responses) {
		this.events.post(new Responses(responses));
	}

	@Override
	public void onReady() {
		this.events.post(Signal.READY);
	}

	@Override
	public void onClosed(RpcStatus status) {
		this.events.post(new Closed(this, status));
	}

	/** What a lane is to do. */
	enum Signal {

		OPEN, READY, SWEEP, CHECK_LEADER, CLOSE

	}

	record Responses(List<PublishResponse> list) {
	}

	record Mark(CompletableFuture<Void> done) {
	}

	record Closed(PipeEvents listener, RpcStatus status) {
	}

}
