package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.PublishPipe;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * A message in the form in which it goes to the server. Its mutable state belongs to the
 * lane.
 */
class Pending extends Sending {

	final PublishRequest.Builder request;

	long sequence;

	/**
	 * The highest publishing id that it was given, or {@link Message#NO_PUBLISHING_ID}.
	 */
	long publishingId = Message.NO_PUBLISHING_ID;

	boolean sent;

	/** How many more times it may be given to a pipe. */
	private int attempts;

	/** The first pipe it was given to. */
	@Nullable PublishPipe sentTo;

	/** Whether so far only another stream on the same subject has answered. */
	private boolean foreign;

	private long foreignNanos;

	Pending(Message message, PublishRequest.Builder request, int bytes, boolean acknowledged, boolean awaited,
			int attempts) {
		this(message, request, bytes, acknowledged, awaited, attempts, System.nanoTime());
	}

	Pending(Message message, PublishRequest.Builder request, int bytes, boolean acknowledged, boolean awaited,
			int attempts, long startNanos) {
		super(message, bytes, acknowledged, awaited, startNanos);
		this.request = request;
		this.attempts = (message.expectedOffset() != Message.ANY_OFFSET) ? 1 : attempts;
	}

	@Override
	final void partition(int chosen) {
		super.partition(chosen);
		if (chosen >= 0) {
			this.request.setPartition(chosen);
		}
	}

	/** The user's own publishing id, of the last one if it carries several messages. */
	long lastGivenId() {
		return this.message.publishingId();
	}

	/** Whether it is known that all of it is stored. */
	boolean isStored() {
		return ack() != null;
	}

	/** How large it is for the server. */
	int wireBytes() {
		return this.bytes;
	}

	/** It is given to a pipe. */
	final void given(PublishPipe pipe) {
		this.attempts--;
		if (!this.sent) {
			this.sent = true;
			this.sentTo = pipe;
		}
	}

	@Override
	final Pending resolve(Ack stored) {
		super.resolve(stored);
		return this;
	}

	@Override
	final Pending resolve(LiftbridgeException why) {
		super.resolve(why);
		return this;
	}

	/** Decides the outcome, unless the own stream answers in a moment. */
	final void resolveForeign(Ack stored) {
		resolve(stored);
		this.foreignNanos = this.foreign ? this.foreignNanos : System.nanoTime();
		this.foreign = true;
	}

	/** Whether another stream, but not the own one, answered before a time. */
	final boolean isForeign(long before) {
		return this.foreign && this.foreignNanos - before < 0;
	}

	/** The other stream that has answered, if none but that has. */
	final @Nullable String foreignStream() {
		Ack answer = ack();
		return (this.foreign && answer != null) ? answer.stream() : null;
	}

	/**
	 * Whether it was sent and must not be sent again, as it expects an offset or was sent
	 * often enough.
	 */
	final boolean isSpent() {
		return this.sent && this.attempts <= 0;
	}

	/** Takes back that it was sent, if the pipe never reached a broker. */
	final void takeBack(PublishPipe pipe) {
		if (this.sentTo == pipe) {
			this.sentTo = null;
			this.sent = false;
			this.attempts++;
		}
	}

}
