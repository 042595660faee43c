package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

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

	final int partition;

	final int bytes;

	final boolean acknowledged;

	/** Whether the future never leaves {@code sendAndWait}. */
	final boolean awaited;

	final long startNanos = System.nanoTime();

	long sequence;

	boolean sent;

	private @Nullable Ack ack;

	private @Nullable LiftbridgeException failure;

	Pending(Message message, PublishRequest.Builder request, int partition, int bytes, boolean acknowledged,
			boolean awaited) {
		this.message = message;
		this.request = request;
		this.partition = partition;
		this.bytes = bytes;
		this.acknowledged = acknowledged;
		this.awaited = awaited;
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Pending resolve(Ack stored) {
		this.ack = stored;
		return this;
	}

	/** Decides the outcome; it is told by {@link #tell}, on another thread. */
	Pending resolve(LiftbridgeException why) {
		this.failure = why;
		return this;
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
