package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.SubscribeCall;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.StartPosition;
import io.liftbridge.proto.SubscribeRequest;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a partition's leader has stored between two offsets, as far as it is
 * committed. Tries once.
 */
final class LogReader implements SubscribeCall.Listener {

	private static final int PREFETCH = 256;

	private final long to;

	private final Consumer<Message> messages;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private volatile @Nullable SubscribeCall call;

	private LogReader(long to, Consumer<Message> messages) {
		this.to = to;
		this.messages = messages;
	}

	/**
	 * Reads.
	 * @param from the first offset
	 * @param to the last offset, which is waited for if it is not committed
	 * @param messages is given each message, on the thread of the network
	 * @return completes when the last one was given; ends the reading if it is cancelled
	 */
	static CompletableFuture<Void> read(Cluster cluster, String stream, int partition, long from, long to,
			Consumer<Message> messages) {
		return new LogReader(to, messages).start(cluster,
				SubscribeRequest.newBuilder()
					.setStream(stream)
					.setPartition(partition)
					.setStartPosition(StartPosition.OFFSET)
					.setStartOffset(from)
					.build());
	}

	/**
	 * Resumes a partition that is paused.
	 * @return completes when that was tried
	 */
	static CompletableFuture<Void> resume(Cluster cluster, String stream, int partition) {
		return new LogReader(-1, (message) -> {
		}).start(cluster,
				SubscribeRequest.newBuilder()
					.setStream(stream)
					.setPartition(partition)
					.setStartPosition(StartPosition.NEW_ONLY)
					.setResume(true)
					.build());
	}

	private CompletableFuture<Void> start(Cluster cluster, SubscribeRequest request) {
		SubscribeCall opened = cluster.subscribe(request, Target.leader(request.getStream(), request.getPartition()),
				this);
		if (opened == null) {
			this.done.completeExceptionally(failure("no broker is known to lead it"));
			return this.done;
		}
		this.call = opened;
		this.done.whenComplete((nothing, failure) -> opened.cancel());
		opened.request(PREFETCH);
		return cluster.track(this.done);
	}

	private static BrokerUnavailableException failure(String why) {
		return new BrokerUnavailableException("The end of the partition cannot be read: " + why, null,
				Outcome.NOT_SENT);
	}

	@Override
	public void onLive() {
		if (this.to < 0) {
			this.done.complete(null);
		}
	}

	@Override
	public void onMessages(List<Message> arrived) {
		if (this.done.isDone()) {
			return;
		}
		for (Message message : arrived) {
			if (message.getOffset() <= this.to) {
				this.messages.accept(message);
			}
			if (message.getOffset() >= this.to) {
				this.done.complete(null);
				return;
			}
		}
		SubscribeCall open = this.call;
		if (open != null) {
			open.request(arrived.size());
		}
	}

	@Override
	public void onClosed(RpcStatus status) {
		if (status.code() == RpcStatus.Code.RESOURCE_EXHAUSTED
				|| status.is(RpcStatus.Code.INVALID_ARGUMENT, "Stop offset is before start offset")) {
			// A read-only partition has ended.
			this.done.complete(null);
		}
		else {
			this.done.completeExceptionally(failure(status.toString()));
		}
	}

}
