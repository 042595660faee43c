package io.liftbridge.embedded.api;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.liftbridge.embedded.log.LogEnd;
import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.proto.SubscribeRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers the messages of a partition. Everything happens on the event loop of the
 * call's connection.
 * <p>
 * Messages leave the log only when the connection takes them. A subscriber that does not
 * read costs its position in the log and nothing else.
 */
final class SubscribeCall extends ServerCall.Listener<Inbound<SubscribeRequest>> {

	private static final Logger logger = LoggerFactory.getLogger(SubscribeCall.class);

	/** Messages after which other connections on the same event loop get their turn. */
	private static final int TURN = 512;

	/** Tells the subscriber that the subscription is live. */
	private static final byte[] HANDSHAKE = new byte[0];

	private final ServerCall<Inbound<SubscribeRequest>, byte[]> call;

	private final SubscribeApi api;

	private final ScheduledExecutorService loop;

	private final Runnable wake = () -> onLoop(this::wakeUp);

	private @Nullable Inbound<SubscribeRequest> request;

	private @Nullable Subscription subscription;

	private boolean waiting;

	private boolean ended;

	SubscribeCall(ServerCall<Inbound<SubscribeRequest>, byte[]> call, SubscribeApi api, ScheduledExecutorService loop) {
		this.call = call;
		this.api = api;
		this.loop = loop;
		call.request(2);
	}

	@Override
	public void onMessage(Inbound<SubscribeRequest> message) {
		this.request = message;
	}

	@Override
	public void onHalfClose() {
		Inbound<SubscribeRequest> inbound = this.request;
		if (inbound == null || inbound.message() == null) {
			Status failure = (inbound != null) ? inbound.failure() : null;
			end((failure != null) ? failure : Status.INTERNAL.withDescription("half-closed without a request"));
			return;
		}
		try {
			this.subscription = this.api.open(inbound.message(), () -> onLoop(() -> end(Status.OK)));
			this.subscription.begin();
		}
		catch (RefusedException ex) {
			end(ex.status());
			return;
		}
		this.call.sendHeaders(new Metadata());
		this.call.sendMessage(HANDSHAKE);
		deliver();
	}

	@Override
	public void onReady() {
		deliver();
	}

	@Override
	public void onCancel() {
		release();
	}

	private void wakeUp() {
		this.waiting = false;
		deliver();
	}

	private void deliver() {
		Subscription current = this.subscription;
		if (current == null || this.ended || this.waiting) {
			return;
		}
		for (int sent = 0; this.call.isReady(); sent++) {
			if (sent == TURN) {
				onLoop(this::deliver);
				return;
			}
			LogEntry entry = current.reader().poll();
			if (entry != null) {
				this.call.sendMessage(entry.message());
				if (entry.offset() == current.stop()) {
					end(Status.RESOURCE_EXHAUSTED.withDescription("Stop offset reached"));
					return;
				}
				continue;
			}
			LogEnd reason = current.reader().end();
			if (reason != null) {
				end(statusOf(reason));
				return;
			}
			this.waiting = current.reader().await(this.wake);
			if (this.waiting) {
				return;
			}
		}
	}

	private static Status statusOf(LogEnd reason) {
		return switch (reason) {
			case READONLY -> Status.RESOURCE_EXHAUSTED.withDescription("End of readonly partition");
			case CLOSED -> Status.FAILED_PRECONDITION.withDescription("commit log was closed");
			case DELETED -> Status.NOT_FOUND.withDescription("commit log was deleted");
			case START_OF_LOG -> Status.UNKNOWN.withDescription("EOF");
		};
	}

	private void end(Status status) {
		if (!this.ended) {
			release();
			this.call.close(status, new Metadata());
		}
	}

	private void release() {
		Subscription current = this.subscription;
		if (current != null && !this.ended) {
			current.reader().forget(this.wake);
			current.end();
		}
		this.ended = true;
	}

	private void onLoop(Runnable task) {
		try {
			this.loop.execute(task);
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The broker stops", ex);
		}
	}

}
