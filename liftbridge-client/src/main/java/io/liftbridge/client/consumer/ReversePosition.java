package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReverseReadUnsupportedException;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.SubscribeRequest;

/**
 * Where a subscription from new to old is.
 * <p>
 * A server that cannot read in this direction does not say so, but reads from old to new.
 * Each call therefore names the newest message as its stop: reading forward ends there,
 * and reading backwards passes it only if it begins with it. So the first call that
 * begins with the newest message ends after it, on both kinds of servers, and is followed
 * by another one from the offset before; any other call that reaches its stop, or whose
 * offsets ascend, has been read forward.
 */
final class ReversePosition implements Progress {

	private static final int LAGGING_ATTEMPTS = 12;

	private static final long NEWEST = Long.MAX_VALUE;

	private final SubscriptionOptions options;

	/** The highest offset that is still wanted. */
	private long next;

	private boolean timed;

	private boolean stopReached;

	/** Whether nothing was accepted before the present call. */
	private boolean initial = true;

	/** How many messages the present call has brought, as far as it matters. */
	private int arrivals;

	/** What the present call has brought last. */
	private long arrived;

	/** Time of the newest message that was delivered. */
	private long newestTime = Long.MAX_VALUE;

	private boolean begun;

	ReversePosition(SubscriptionOptions options) {
		this.options = options;
		this.timed = options.start().kind() == StartPosition.Kind.TIMESTAMP;
		this.next = (options.start().kind() == StartPosition.Kind.OFFSET) ? options.start().value() : NEWEST;
	}

	@Override
	public CompletableFuture<Void> resolve() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public boolean isResolved() {
		return true;
	}

	@Override
	public CompletableFuture<PartitionMetadata> fetch() {
		throw new IllegalStateException("There is nothing to ask for");
	}

	@Override
	public void settle(PartitionMetadata metadata) {
		// Depends on nothing.
	}

	@Override
	public boolean isEmpty() {
		return false;
	}

	@Override
	public boolean isStopReached() {
		return this.stopReached || this.next < 0;
	}

	@Override
	public EndReason end() {
		return this.stopReached ? EndReason.STOP_REACHED : EndReason.BEGINNING_OF_PARTITION;
	}

	@Override
	public SubscribeRequest request() {
		this.initial = !this.begun;
		this.arrivals = 0;
		SubscribeRequest.Builder request = SubscribeRequest.newBuilder()
			.setStream(this.options.stream())
			.setPartition(this.options.partition())
			.setReadISRReplica(this.options.isrReplica())
			.setResume(this.options.resumePaused())
			.setReverse(true)
			.setStopPosition(io.liftbridge.proto.StopPosition.STOP_LATEST);
		if (this.timed) {
			request.setStartPosition(io.liftbridge.proto.StartPosition.TIMESTAMP)
				.setStartTimestamp(this.options.start().value());
		}
		else if (this.next == NEWEST) {
			request.setStartPosition(io.liftbridge.proto.StartPosition.LATEST);
		}
		else {
			request.setStartPosition(io.liftbridge.proto.StartPosition.OFFSET).setStartOffset(this.next);
		}
		return request.build();
	}

	@Override
	public List<Message> accept(List<Message> messages) {
		List<Message> wanted = new ArrayList<>(messages.size());
		for (Message message : messages) {
			long offset = message.getOffset();
			if (this.arrivals > 0 && offset > this.arrived) {
				throw unsupported("after offset " + this.arrived + " it delivered " + offset);
			}
			if (this.arrivals == 0 && !this.initial && offset <= this.next
					&& message.getTimestamp() > this.newestTime) {
				throw beginsAgain("at offset " + offset + " there is a message newer than all from above it");
			}
			this.arrived = offset;
			this.arrivals = Math.min(2, this.arrivals + 1);
			if (offset > this.next || this.stopReached) {
				continue;
			}
			if (isBelowStop(message)) {
				this.stopReached = true;
				continue;
			}
			if (!this.begun) {
				this.begun = true;
				this.timed = false;
				this.newestTime = message.getTimestamp();
			}
			wanted.add(message);
			this.next = offset - 1;
			this.stopReached = this.options.stop().kind() == StopPosition.Kind.OFFSET
					&& offset == this.options.stop().value();
		}
		return wanted;
	}

	private boolean isBelowStop(Message message) {
		return switch (this.options.stop().kind()) {
			case OFFSET -> message.getOffset() < this.options.stop().value();
			case TIMESTAMP -> message.getTimestamp() < this.options.stop().value();
			default -> false;
		};
	}

	@Override
	public Outcome judge(RpcStatus status, int attempt) {
		if (status.code() == RpcStatus.Code.UNKNOWN && status.text().equals("EOF")
				|| status.is(RpcStatus.Code.INTERNAL, "segment not found")
				|| status.is(RpcStatus.Code.RESOURCE_EXHAUSTED, "Stream is empty")) {
			return new Outcome(EndReason.BEGINNING_OF_PARTITION, null);
		}
		if (status.is(RpcStatus.Code.RESOURCE_EXHAUSTED, "Stop offset reached")) {
			return stopped();
		}
		if (status.is(RpcStatus.Code.INVALID_ARGUMENT, "Stop offset is before start offset")) {
			return behindTheEnd(attempt);
		}
		return Outcome.of(status, this.options, attempt);
	}

	/** Only what begins with the newest message may stop at it. */
	private Outcome stopped() {
		if (this.arrivals == 0) {
			return Outcome.RETRY;
		}
		if (!this.initial || this.arrivals > 1 || !this.begun) {
			return new Outcome(null, unsupported("it delivered up to the newest message"));
		}
		return Outcome.ONWARD;
	}

	private Outcome behindTheEnd(int attempt) {
		if (this.begun && this.options.isrReplica() && attempt < LAGGING_ATTEMPTS) {
			// This follower has less than the one before it.
			return Outcome.RETRY;
		}
		if (!this.initial) {
			return new Outcome(null, beginsAgain("it ends below offset " + this.next + ", where reading went on"));
		}
		if (!this.timed && this.next == NEWEST) {
			// A message came in between.
			return Outcome.RETRY;
		}
		this.timed = false;
		this.next = NEWEST;
		return Outcome.ONWARD;
	}

	private LiftbridgeException beginsAgain(String why) {
		return new LiftbridgeException(this + " begins again: " + why
				+ ". The stream was created anew, or its leader has lost messages. Subscribe again, from where it makes"
				+ " sense.");
	}

	private LiftbridgeException unsupported(String why) {
		return new ReverseReadUnsupportedException(this + " cannot be read in reverse: its broker is too old and reads"
				+ " from old to new (" + why + "). Reading in reverse needs a server that is newer than v1.9.0.", null);
	}

	@Override
	public String toString() {
		return "stream '" + this.options.stream() + "' partition " + this.options.partition();
	}

}
