package io.liftbridge.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.awaitility.Awaitility;

/**
 * A PublishAsync call as seen by a client that does nothing but remember.
 */
final class Pipe extends ClientCall.Listener<PublishResponse> {

	private final Queue<PublishResponse> received = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final ClientCall<PublishRequest, PublishResponse> call;

	private volatile Status status;

	Pipe(Channel channel, int initiallyRequested) {
		this.call = channel.newCall(APIGrpc.getPublishAsyncMethod(), CallOptions.DEFAULT);
		this.call.start(this, new Metadata());
		if (initiallyRequested > 0) {
			this.call.request(initiallyRequested);
		}
	}

	Pipe send(PublishRequest.Builder request) {
		this.call.sendMessage(request.build());
		return this;
	}

	void halfClose() {
		this.call.halfClose();
	}

	void request(int count) {
		this.call.request(count);
	}

	@Override
	public void onMessage(PublishResponse message) {
		this.received.add(message);
		this.count.incrementAndGet();
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		this.status = status;
	}

	List<PublishResponse> responses() {
		return List.copyOf(this.received);
	}

	List<PublishResponse> awaitResponses(int count) {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(2))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.count.get() >= count || this.status != null);
		return List.copyOf(this.received);
	}

	/**
	 * Waits for the one response there is to come, as the code and text of its error.
	 */
	String awaitError() {
		PublishResponse response = awaitResponses(1).get(0);
		return response.getAsyncError().getCode() + " " + response.getAsyncError().getMessage();
	}

	boolean isOpen() {
		return this.status == null;
	}

	Status awaitEnd() {
		Awaitility.await()
			.pollInterval(Duration.ofMillis(2))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.status != null);
		return this.status;
	}

}
