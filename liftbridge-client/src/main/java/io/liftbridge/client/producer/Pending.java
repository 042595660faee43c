package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way. It is its own future, so that a message costs one object. Its
 * mutable state belongs to the lane.
 */
final class Pending extends CompletableFuture<Ack> {

	final Message message;

	final PublishRequest.Builder request;

	/** Decided before it is handed to a lane. */
	int partition = Message.ANY_PARTITION;

	final int bytes;

	final boolean acknowledged;

	/** Whether the future never leaves {@code sendAndWait}. */
	final boolean awaited;

	final long startNanos = System.nanoTime();

	long sequence;

	boolean sent;

	/** How many more times it may be given to a pipe. */
	private int attempts;

	/** The first pipe it was given to. */
	@Nullable PublishPipe sentTo;

	/** Whether so far only another stream on the same subject has answered. */
	private boolean foreign;

	private long foreignNanos;

	private @Nullable Ack ack;

	private @Nullable LiftbridgeException failure;

	Pending(Message message, PublishRequest.Builder request, int bytes, boolean acknowledged, boolean awaited,
			int attempts) {
		this.message = message;
		this.request = request;
		this.bytes = bytes;
		this.acknowledged = acknowledged;
		this.awaited = awaited;
		this.attempts = (message.expectedOffset() != Message.ANY_OFFSET) ? 1 : attempts;
	}

	void partition(int chosen) {
		this.partition = chosen;
		if (chosen >= 0) {
			this.request.setPartition(chosen);
		}
	}

	/** It is given to a pipe. */
	void given(PublishPipe pipe) {
		this.attempts--;
		if (!this.sent) {
			this.sent = true;
			this.sentTo = pipe;
		}
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Pending resolve(Ack stored) {
		this.ack = stored;
		return this;
	}

	/** Decides the outcome, unless the own stream answers in a moment. */
	void resolveForeign(Ack stored) {
		this.ack = stored;
		this.foreignNanos = this.foreign ? this.foreignNanos : System.nanoTime();
		this.foreign = true;
	}

	/** Whether another stream, but not the own one, answered before a time. */
	boolean isForeign(long before) {
		return this.foreign && this.foreignNanos - before < 0;
	}

	/** The other stream that has answered, if none but that has. */
	@Nullable String foreignStream() {
		return (this.foreign && this.ack != null) ? this.ack.stream() : null;
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Pending resolve(LiftbridgeException why) {
		this.failure = why;
		return this;
	}

	/**
	 * Whether it was sent and must not be sent again, as it expects an offset or was sent
	 * often enough.
	 */
	boolean isSpent() {
		return this.sent && this.attempts <= 0;
	}

	@Nullable LiftbridgeException failure() {
		return this.failure;
	}

	/** Takes back that it was sent, if the pipe never reached a broker. */
	void takeBack(PublishPipe pipe) {
		if (this.sentTo == pipe) {
			this.sentTo = null;
			this.sent = false;
			this.attempts++;
		}
	}

	void tell(ProducerListener listener) {
		if (this.failure != null) {
			completeExceptionally(this.failure);
			listener.onFailure(this.message, this.failure);
		}
		else if (this.ack != null) {
			complete(this.ack);
			listener.onAck(this.message, this.ack, System.nanoTime() - this.startNanos);
		}
	}

}
