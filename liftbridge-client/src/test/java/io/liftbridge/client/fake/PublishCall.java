package io.liftbridge.client.fake;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.grpc.stub.ServerCallStreamObserver;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;

/**
 * One PublishAsync call, as the broker sees it.
 */
public final class PublishCall extends FakeCall<PublishResponse> {

	private final FakeBroker broker;

	private final List<PublishRequest> received = Collections.synchronizedList(new ArrayList<>());

	private volatile boolean halfClosed;

	PublishCall(FakeBroker broker, ServerCallStreamObserver<PublishResponse> observer) {
		super(observer);
		this.broker = broker;
	}

	void receive(PublishRequest request) {
		this.received.add(request);
	}

	void halfClosed() {
		this.halfClosed = true;
	}

	/**
	 * Tells what arrived.
	 * @return the requests in order
	 */
	public List<PublishRequest> received() {
		return List.copyOf(this.received);
	}

	/**
	 * Tells what arrived.
	 * @return the values in order
	 */
	public List<String> values() {
		return received().stream().map((request) -> request.getValue().toStringUtf8()).toList();
	}

	/**
	 * Whether the client said that nothing more comes.
	 * @return whether it did
	 */
	public boolean isHalfClosed() {
		return this.halfClosed;
	}

	/**
	 * Does what a server does: stores the message and acknowledges it.
	 * @param request the message
	 */
	public void store(PublishRequest request) {
		FakePartition partition = this.broker.cluster().partition(request.getStream(), request.getPartition());
		if (partition == null) {
			error(request, PublishAsyncError.Code.NOT_FOUND,
					(this.broker.cluster().partitions(request.getStream()) == 0)
							? "no such stream: " + request.getStream()
							: "no such partition: " + request.getPartition());
		}
		else if (partition.readonly) {
			error(request, PublishAsyncError.Code.READONLY, "readonly partition: " + request.getPartition());
		}
		else {
			long offset = partition.append(request);
			if (offset >= 0) {
				ack(request, offset);
			}
			else {
				error(request, PublishAsyncError.Code.INCORRECT_OFFSET, "incorrect expected offset");
			}
		}
	}

	/**
	 * Acknowledges a message.
	 * @param request the message
	 * @param offset its offset
	 */
	public void ack(PublishRequest request, long offset) {
		ack(request, offset, request.getStream());
	}

	/**
	 * Acknowledges a message.
	 * @param request the message
	 * @param offset its offset
	 * @param stream who stored it
	 */
	public void ack(PublishRequest request, long offset, String stream) {
		if (request.getAckPolicy() == AckPolicy.NONE) {
			return;
		}
		send(PublishResponse.newBuilder()
			.setCorrelationId(request.getCorrelationId())
			.setAck(Ack.newBuilder()
				.setStream(stream)
				.setOffset(offset)
				.setCorrelationId(request.getCorrelationId())
				.setAckPolicy(request.getAckPolicy())
				.setReceptionTimestamp(1_000_000_000L + offset)
				.setCommitTimestamp(2_000_000_000L + offset))
			.build());
	}

	/**
	 * Refuses a message. As a real server does, beside an empty acknowledgement.
	 * @param request the message
	 * @param code why
	 * @param text why, in words
	 */
	public void error(PublishRequest request, PublishAsyncError.Code code, String text) {
		send(PublishResponse.newBuilder()
			.setCorrelationId(request.getCorrelationId())
			.setAck(Ack.getDefaultInstance())
			.setAsyncError(PublishAsyncError.newBuilder().setCode(code).setMessage(text))
			.build());
	}

	/**
	 * Says something about each message.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * A message arrived.
		 * @param request the message
		 * @param call the call
		 */
		void message(PublishRequest request, PublishCall call);

	}

}
