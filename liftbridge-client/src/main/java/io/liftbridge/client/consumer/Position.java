package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.proto.Consumer;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.SubscribeRequest;

/**
 * Where a subscription is: the offset it wants next, and the one it ends with. Positions
 * that depend on the moment ("new", "latest") are turned into offsets once, as soon as
 * the leader can be asked, so that an interruption before the first message skips nothing
 * and moves no stop. Belongs to the subscription's events, except for {@link #resolve}.
 */
final class Position implements Progress {

	private static final long UNKNOWN = -1;

	private static final AtomicLong calls = new AtomicLong();

	private final Cluster cluster;

	private final SubscriptionOptions options;

	private volatile long next = UNKNOWN;

	private volatile long stop = Long.MAX_VALUE;

	private volatile long anchor = UNKNOWN;

	private boolean stopReached;

	private long accepted = -1;

	private long acceptedAt;

	Position(Cluster cluster, SubscriptionOptions options) {
		this.cluster = cluster;
		this.options = options;
		if (options.start().kind() == StartPosition.Kind.OFFSET) {
			this.next = options.start().value();
		}
		if (options.stop().kind() == StopPosition.Kind.OFFSET) {
			this.stop = options.stop().value();
		}
	}

	/**
	 * Asks the leader for the newest offset, where the position depends on it. Leaves the
	 * position open if the partition may be paused and nobody answers.
	 */
	@Override
	public CompletableFuture<Void> resolve() {
		if (isResolved()) {
			return CompletableFuture.completedFuture(null);
		}
		PartitionMetadata known = this.cluster.known().partition(this.options.stream(), this.options.partition());
		if (known != null && known.getPaused()) {
			// The leader of a paused partition does not answer; but it may have been
			// resumed, which metadata does not tell.
			return fetchOnce().handle((metadata, failure) -> {
				if (metadata != null) {
					take(metadata);
				}
				return null;
			});
		}
		return fetch().thenAccept(this::take);
	}

	/** Whether the position does not depend on the moment any more. */
	@Override
	public boolean isResolved() {
		return !startDepends() && !stopDepends();
	}

	private boolean startDepends() {
		return this.next == UNKNOWN && this.anchor == UNKNOWN
				&& (this.options.start().kind() == StartPosition.Kind.NEW_ONLY
						|| this.options.start().kind() == StartPosition.Kind.LATEST);
	}

	/** A time to come means the newest message, too. */
	private boolean stopDepends() {
		return this.stop == Long.MAX_VALUE && (this.options.stop().kind() == StopPosition.Kind.LATEST
				|| this.options.stop().kind() == StopPosition.Kind.TIMESTAMP);
	}

	private void take(PartitionMetadata metadata) {
		settle(metadata);
		if (this.next == UNKNOWN) {
			this.next = this.anchor;
		}
	}

	/**
	 * Takes over what a leader says of a partition that was paused before the present
	 * call. The start matters only if the call ends before its first message: what was
	 * published meanwhile may still be on its way.
	 */
	@Override
	public void settle(PartitionMetadata metadata) {
		if (startDepends()) {
			long newest = metadata.getNewestOffset();
			this.anchor = (this.options.start().kind() == StartPosition.Kind.LATEST) ? Math.max(0, newest) : newest + 1;
		}
		if (stopDepends()) {
			// Only committed messages are delivered: waiting for others could take
			// forever.
			this.stop = metadata.getHighWatermark();
		}
	}

	/** Asks the leader, again and again for a while. */
	@Override
	public CompletableFuture<PartitionMetadata> fetch() {
		return this.cluster
			.call(Rpc.FETCH_PARTITION, question(), leader(),
					"stream '" + this.options.stream() + "' partition " + this.options.partition(),
					this.cluster.options().connectTimeout())
			.thenApply((response) -> response.getMetadata());
	}

	private CompletableFuture<PartitionMetadata> fetchOnce() {
		return this.cluster.callOnce(Rpc.FETCH_PARTITION, question(), leader(), this.cluster.options().connectTimeout())
			.thenApply((response) -> response.getMetadata());
	}

	private FetchPartitionMetadataRequest question() {
		return FetchPartitionMetadataRequest.newBuilder()
			.setStream(this.options.stream())
			.setPartition(this.options.partition())
			.build();
	}

	private Target leader() {
		return Target.leader(this.options.stream(), this.options.partition());
	}

	/** Whether there is nothing to deliver. */
	@Override
	public boolean isEmpty() {
		return this.stop < 0 || this.next > this.stop;
	}

	@Override
	public boolean isStopReached() {
		return this.stopReached;
	}

	@Override
	public Outcome judge(RpcStatus status, int attempt) {
		return Outcome.of(status, this.options, attempt);
	}

	/** What to ask for now. Belongs to the opening of a call. */
	@Override
	public SubscribeRequest request() {
		if (this.next == UNKNOWN) {
			this.next = this.anchor;
		}
		SubscribeRequest.Builder request = SubscribeRequest.newBuilder()
			.setStream(this.options.stream())
			.setPartition(this.options.partition())
			.setReadISRReplica(this.options.isrReplica())
			.setResume(this.options.resumePaused());
		GroupRole role = this.options.role();
		if (role != null) {
			// The end of a call makes the server forget whoever reads under the same id,
			// which may be the next call: it would not be protected against others.
			request.setConsumer(Consumer.newBuilder()
				.setGroupId(role.group())
				.setConsumerId(role.consumerId() + "/" + calls.incrementAndGet())
				.setGroupEpoch(role.epoch()));
		}
		long from = this.next;
		if (from != UNKNOWN) {
			request.setStartPosition(io.liftbridge.proto.StartPosition.OFFSET).setStartOffset(from);
		}
		else {
			switch (this.options.start().kind()) {
				case EARLIEST -> request.setStartPosition(io.liftbridge.proto.StartPosition.EARLIEST);
				case LATEST -> request.setStartPosition(io.liftbridge.proto.StartPosition.LATEST);
				case TIMESTAMP -> request.setStartPosition(io.liftbridge.proto.StartPosition.TIMESTAMP)
					.setStartTimestamp(this.options.start().value());
				default -> request.setStartPosition(io.liftbridge.proto.StartPosition.NEW_ONLY);
			}
		}
		if (this.options.stop().kind() == StopPosition.Kind.TIMESTAMP) {
			request.setStopPosition(io.liftbridge.proto.StopPosition.STOP_TIMESTAMP)
				.setStopTimestamp(this.options.stop().value());
		}
		else if (this.stop != Long.MAX_VALUE) {
			request.setStopPosition(io.liftbridge.proto.StopPosition.STOP_OFFSET).setStopOffset(this.stop);
		}
		else if (this.options.stop().kind() == StopPosition.Kind.LATEST) {
			request.setStopPosition(io.liftbridge.proto.StopPosition.STOP_LATEST);
		}
		return request.build();
	}

	/**
	 * Takes over what arrived.
	 * @return the messages to deliver: not those before the wanted offset, which the
	 * server sends when that does not exist yet, nor those after the stop
	 */
	@Override
	public List<Message> accept(List<Message> messages) {
		Message last = messages.get(messages.size() - 1);
		if (messages.get(0).getOffset() <= this.accepted && messages.get(0).getTimestamp() > this.acceptedAt) {
			// A message that came later takes the place of one that was read before.
			throw new LiftbridgeException("stream '" + this.options.stream() + "' partition " + this.options.partition()
					+ " begins again: after offset " + this.accepted + " the server delivered "
					+ messages.get(0).getOffset() + ". The stream was created anew, or its leader has lost messages."
					+ " Subscribe again, from where it makes sense.");
		}
		if (last.getOffset() > this.accepted) {
			this.accepted = last.getOffset();
			this.acceptedAt = last.getTimestamp();
		}
		if (messages.get(0).getOffset() >= this.next && last.getOffset() < this.stop && isAscending(messages)) {
			this.next = last.getOffset() + 1;
			return messages;
		}
		List<Message> wanted = new ArrayList<>(messages.size());
		for (Message message : messages) {
			long offset = message.getOffset();
			if (offset >= this.stop) {
				this.stopReached = true;
			}
			if (offset >= this.next && offset <= this.stop) {
				wanted.add(message);
				this.next = offset + 1;
			}
		}
		return wanted;
	}

	private static boolean isAscending(List<Message> messages) {
		long before = messages.get(0).getOffset();
		for (int i = 1; i < messages.size(); i++) {
			long offset = messages.get(i).getOffset();
			if (offset <= before) {
				return false;
			}
			before = offset;
		}
		return true;
	}

}
