package io.liftbridge.embedded;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.liftbridge.proto.APIGrpc;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.SubscribeRequest;
import org.awaitility.Awaitility;

/**
 * A subscription as seen by a client that does nothing but remember.
 */
final class Subscriber extends ClientCall.Listener<Message> {

	private final Queue<Message> received = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final ClientCall<SubscribeRequest, Message> call;

	private volatile Status status;

	Subscriber(Channel channel, SubscribeRequest request, int initiallyRequested) {
		this.call = channel.newCall(APIGrpc.getSubscribeMethod(), CallOptions.DEFAULT);
		this.call.start(this, new Metadata());
		if (initiallyRequested > 0) {
			this.call.request(initiallyRequested);
		}
		this.call.sendMessage(request);
		this.call.halfClose();
	}

	@Override
	public void onMessage(Message message) {
		this.received.add(message);
		this.count.incrementAndGet();
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		this.status = status;
	}

	void request(int count) {
		this.call.request(count);
	}

	void cancel() {
		this.call.cancel("enough", null);
	}

	/**
	 * Waits until the subscription is live.
	 */
	Subscriber awaitLive() {
		await(() -> !this.received.isEmpty() || this.status != null);
		if (this.received.isEmpty()) {
			throw new AssertionError("ended with " + this.status);
		}
		return this;
	}

	/**
	 * Everything received, the handshake included.
	 */
	List<Message> raw() {
		return List.copyOf(this.received);
	}

	List<Message> messages() {
		return this.received.stream().filter((message) -> !message.getStream().isEmpty()).toList();
	}

	List<Long> offsets() {
		return messages().stream().map(Message::getOffset).toList();
	}

	List<String> values() {
		return messages().stream().map((message) -> message.getValue().toStringUtf8()).toList();
	}

	List<Message> awaitMessages(int count) {
		await(() -> this.count.get() > count || this.status != null);
		return messages();
	}

	boolean isLive() {
		return this.status == null;
	}

	/**
	 * Waits for the end of the call.
	 */
	Status awaitEnd() {
		await(() -> this.status != null);
		return this.status;
	}

	/**
	 * Waits for the end of the call, as code and text.
	 */
	String awaitEndText() {
		Status end = awaitEnd();
		return end.getCode() + ((end.getDescription() != null) ? " " + end.getDescription() : "");
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(20)).until(condition);
	}

}
