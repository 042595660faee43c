package io.liftbridge.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.StopPosition;
import io.liftbridge.proto.SubscribeRequest;

/**
 * One Subscribe call, as the broker sees it.
 */
public final class SubscriberCall extends FakeCall<Message> {

	private final FakeBroker broker;

	private final SubscribeRequest request;

	private final ServerCallStreamObserver<Message> observer;

	private volatile long stop = Long.MAX_VALUE;

	private volatile Runnable onReady = () -> {
	};

	SubscriberCall(FakeBroker broker, SubscribeRequest request, ServerCallStreamObserver<Message> observer) {
		super(observer);
		this.broker = broker;
		this.request = request;
		this.observer = observer;
		observer.setOnReadyHandler(() -> this.onReady.run());
	}

	@Override
	void onEnd() {
		FakePartition partition = partition();
		if (partition != null) {
			partition.followers.remove(this);
		}
	}

	private FakePartition partition() {
		return this.broker.cluster().partition(this.request.getStream(), this.request.getPartition());
	}

	/**
	 * What the client asked for.
	 * @return the request
	 */
	public SubscribeRequest request() {
		return this.request;
	}

	/**
	 * Whether more would be taken without waiting.
	 * @return whether it would
	 */
	public boolean isReady() {
		return this.observer.isReady();
	}

	/**
	 * Does something now, and whenever more would be taken.
	 * @param action what to do
	 */
	public void onReady(Runnable action) {
		this.onReady = action;
		action.run();
	}

	/** Accepts the subscription: sends the empty message. */
	public void live() {
		send(Message.getDefaultInstance());
	}

	/**
	 * Sends a message.
	 * @param offset its offset
	 */
	public void send(long offset) {
		send(offset, "m" + offset);
	}

	/**
	 * Sends a message.
	 * @param offset its offset
	 * @param value its value
	 */
	public void send(long offset, String value) {
		send(Message.newBuilder()
			.setStream(this.request.getStream())
			.setPartition(this.request.getPartition())
			.setOffset(offset)
			.setValue(ByteString.copyFromUtf8(value))
			.build());
	}

	void deliver(Message message) {
		if (message.getOffset() <= this.stop) {
			send(message);
		}
		if (message.getOffset() == this.stop) {
			end(Status.RESOURCE_EXHAUSTED.withDescription("Stop offset reached"));
		}
	}

	/** Does what a server does: reads the log, then follows it. */
	public void serve() {
		FakePartition partition = partition();
		if (partition == null) {
			end(Status.NOT_FOUND.withDescription("No such partition"));
			return;
		}
		if (!partition.leader().equals(this.broker.id()) && !this.request.getReadISRReplica()) {
			end(Status.FAILED_PRECONDITION.withDescription("Server not partition leader"));
			return;
		}
		if (partition.paused && this.request.getResume()) {
			partition.paused(false);
		}
		if (partition.paused) {
			servePaused();
			return;
		}
		partition.lock.lock();
		try {
			long newest = partition.newest();
			long start = start(partition);
			if (this.request.getStopPosition() == StopPosition.STOP_LATEST) {
				if (newest < 0) {
					end(Status.RESOURCE_EXHAUSTED.withDescription("Stream is empty"));
					return;
				}
				this.stop = newest;
			}
			else if (this.request.getStopPosition() == StopPosition.STOP_OFFSET) {
				this.stop = this.request.getStopOffset();
			}
			else if (this.request.getStopPosition() == StopPosition.STOP_TIMESTAMP) {
				this.stop = Math.min(newest, this.request.getStopTimestamp() / 1_000_000_000L - 1);
			}
			else if (partition.readonly) {
				this.stop = newest;
			}
			if (this.stop < start) {
				end(Status.INVALID_ARGUMENT
					.withDescription("Stop offset is before start offset: " + this.stop + " < " + start));
				return;
			}
			live();
			partition.committed(start).forEach(this::deliver);
			if (!isEnded()) {
				partition.followers.add(this);
			}
		}
		finally {
			partition.lock.unlock();
		}
	}

	private void servePaused() {
		if (this.request.getStartPosition() == StartPosition.NEW_ONLY) {
			live();
			end(Status.FAILED_PRECONDITION.withDescription("commit log was closed"));
		}
		else {
			end(Status.INTERNAL.withDescription("Failed to create stream reader: segment has been closed"));
		}
	}

	private long start(FakePartition partition) {
		long newest = partition.newest();
		return switch (this.request.getStartPosition()) {
			case EARLIEST -> partition.oldest();
			case LATEST -> Math.max(partition.oldest(), newest);
			// An offset that does not exist yet is not honoured.
			case OFFSET -> Math.max(partition.oldest(), Math.min(newest + 1, this.request.getStartOffset()));
			case TIMESTAMP -> Math.max(partition.oldest(),
					Math.min(newest + 1, this.request.getStartTimestamp() / 1_000_000_000L - 1));
			default -> newest + 1;
		};
	}

	/**
	 * Says something when a subscription is opened.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * A subscription is asked for.
		 * @param call the call
		 */
		void opened(SubscriberCall call);

	}

}
