package io.liftbridge.embedded.api;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline of messages to publish. Everything happens on the event loop of the call's
 * connection.
 * <p>
 * Requests are read only as long as responses get away, so a client that does not read
 * cannot fill the memory.
 */
final class PublishAsyncCall extends ServerCall.Listener<Inbound<PublishRequest>> implements Consumer<Ack> {

	/** Requests that may be on their way in. */
	private static final int WINDOW = 512;

	/** How long a pipeline that was closed by its client waits for acknowledgements. */
	private static final long DRAIN_SECONDS = 5;

	private final ServerCall<Inbound<PublishRequest>, PublishResponse> call;

	private final Publisher publisher;

	private final ScheduledExecutorService loop;

	private final String ackInbox;

	private int taken;

	private int unacknowledged;

	private boolean headersSent;

	private boolean ended;

	private @Nullable Future<?> drain;

	PublishAsyncCall(ServerCall<Inbound<PublishRequest>, PublishResponse> call, Publisher publisher,
			ScheduledExecutorService loop) {
		this.call = call;
		this.publisher = publisher;
		this.loop = loop;
		this.ackInbox = publisher.newAckInbox();
		call.request(WINDOW);
	}

	@Override
	public void onMessage(Inbound<PublishRequest> inbound) {
		if (this.ended) {
			return;
		}
		PublishRequest request = inbound.message();
		if (request == null) {
			end((inbound.failure() != null) ? inbound.failure() : Status.INTERNAL);
			return;
		}
		publish(request);
		this.taken++;
		requestMore();
	}

	private void requestMore() {
		if (this.taken >= WINDOW / 2 && this.call.isReady()) {
			this.call.request(this.taken);
			this.taken = 0;
		}
	}

	@Override
	public void onReady() {
		requestMore();
	}

	private void publish(PublishRequest request) {
		int before = this.unacknowledged;
		try {
			Partition partition = this.publisher.open(request);
			if (request.getAckPolicyValue() != AckPolicy.NONE_VALUE) {
				this.unacknowledged++;
			}
			this.publisher.publish(partition, request, this.ackInbox, this);
		}
		catch (RefusedException ex) {
			this.unacknowledged = before;
			refuse(request.getCorrelationId(),
					new PublishRefusedException(PublishAsyncError.Code.INTERNAL, String.valueOf(ex.getMessage())));
		}
		catch (PublishRefusedException ex) {
			refuse(request.getCorrelationId(), ex);
		}
	}

	@Override
	public void accept(Ack ack) {
		if (this.unacknowledged > 0) {
			this.unacknowledged--;
		}
		PublishRefusedException refusal = Publisher.refusalIn(ack);
		if (refusal != null) {
			refuse(ack.getCorrelationId(), refusal);
		}
		else {
			respond(PublishResponse.newBuilder().setCorrelationId(ack.getCorrelationId()).setAck(ack).build());
		}
	}

	/**
	 * Tells a failure, beside an ack that is present but empty.
	 */
	private void refuse(String correlationId, PublishRefusedException refusal) {
		respond(PublishResponse.newBuilder()
			.setCorrelationId(correlationId)
			.setAck(Ack.getDefaultInstance())
			.setAsyncError(refusal.asyncError())
			.build());
	}

	private void respond(PublishResponse response) {
		if (!this.headersSent) {
			this.call.sendHeaders(new Metadata());
			this.headersSent = true;
		}
		this.call.sendMessage(response);
	}

	@Override
	public void onHalfClose() {
		if (this.unacknowledged == 0) {
			end(Status.OK);
		}
		else {
			this.drain = this.loop.schedule(() -> end(Status.OK), DRAIN_SECONDS, TimeUnit.SECONDS);
		}
	}

	private void end(Status status) {
		if (!this.ended) {
			this.ended = true;
			this.call.close(status, new Metadata());
		}
	}

	@Override
	public void onCancel() {
		this.ended = true;
		if (this.drain != null) {
			this.drain.cancel(false);
		}
	}

}
