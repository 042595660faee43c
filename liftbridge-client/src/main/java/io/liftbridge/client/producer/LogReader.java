package io.liftbridge.client.producer;

import java.time.Duration;
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
 * committed. Tries once. Completes with the offset of the last message that came, -1 if
 * none did.
 */
final class LogReader implements SubscribeCall.Listener {

	private static final int PREFETCH = 256;

	/**
	 * What is committed comes at once. If nothing does, nothing is there: a log that
	 * retention has emptied keeps its offsets.
	 */
	private static final Duration QUIET = Duration.ofSeconds(2);

	private final Cluster cluster;

	/** How long it may take, {@code null} for as long as it takes. */
	private final @Nullable Duration timeout;

	private final long to;

	private final Consumer<Message> messages;

	private final CompletableFuture<Long> done = new CompletableFuture<>();

	private volatile @Nullable SubscribeCall call;

	/** The offset of the last message. */
	private volatile long last = -1;

	private LogReader(Cluster cluster, @Nullable Duration timeout, long to, Consumer<Message> messages) {
		this.cluster = cluster;
		this.timeout = timeout;
		this.to = to;
		this.messages = messages;
	}

	/**
	 * Reads what is committed.
	 * @param from the first offset
	 * @param to the last offset, at most the high watermark
	 * @param timeout how long it may take
	 * @param messages is given each message, on the thread of the network
	 * @return completes when the last one was given, or none is there
	 */
	static CompletableFuture<Long> read(Cluster cluster, String stream, int partition, long from, long to,
			Duration timeout, Consumer<Message> messages) {
		return new LogReader(cluster, timeout, to, messages).read(stream, partition, from);
	}

	/**
	 * Reads what is stored, as soon as it is committed.
	 * @param from the first offset
	 * @param to the last offset, which is waited for
	 * @param messages is given each message, on the thread of the network
	 * @return completes when the last one was given; ends the reading if it is cancelled
	 */
	static CompletableFuture<Long> follow(Cluster cluster, String stream, int partition, long from, long to,
			Consumer<Message> messages) {
		return new LogReader(cluster, null, to, messages).read(stream, partition, from);
	}

	private CompletableFuture<Long> read(String stream, int partition, long from) {
		return start(SubscribeRequest.newBuilder()
			.setStream(stream)
			.setPartition(partition)
			.setStartPosition(StartPosition.OFFSET)
			.setStartOffset(from)
			.build());
	}

	/**
	 * Resumes a partition that is paused.
	 * @param timeout how long it may take
	 * @return completes when that was tried
	 */
	static CompletableFuture<Long> resume(Cluster cluster, String stream, int partition, Duration timeout) {
		return new LogReader(cluster, timeout, -1, (message) -> {
		}).start(SubscribeRequest.newBuilder()
			.setStream(stream)
			.setPartition(partition)
			.setStartPosition(StartPosition.NEW_ONLY)
			.setResume(true)
			.build());
	}

	private CompletableFuture<Long> start(SubscribeRequest request) {
		SubscribeCall opened = this.cluster.subscribe(request,
				Target.leader(request.getStream(), request.getPartition()), this);
		if (opened == null) {
			this.done.completeExceptionally(failure("no broker is known to lead it"));
			return this.done;
		}
		this.call = opened;
		this.done.whenComplete((nothing, failure) -> opened.cancel());
		opened.request(PREFETCH);
		Duration limit = this.timeout;
		if (limit != null) {
			this.cluster
				.schedule(
						() -> this.done
							.completeExceptionally(failure("it was not read within " + limit.toMillis() + " ms")),
						limit);
		}
		return this.cluster.track(this.done);
	}

	private static BrokerUnavailableException failure(String why) {
		return new BrokerUnavailableException("The end of the partition cannot be read: " + why, null,
				Outcome.NOT_SENT);
	}

	@Override
	public void onLive() {
		if (this.to < 0) {
			this.done.complete(-1L);
		}
		else if (this.timeout != null) {
			this.cluster.schedule(() -> {
				if (this.last < 0) {
					this.done.complete(-1L);
				}
			}, QUIET);
		}
	}

	@Override
	public void onMessages(List<Message> arrived, long bytes) {
		if (this.done.isDone()) {
			return;
		}
		for (Message message : arrived) {
			this.last = message.getOffset();
			if (message.getOffset() <= this.to) {
				this.messages.accept(message);
			}
			if (message.getOffset() >= this.to) {
				this.done.complete(message.getOffset());
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
			this.done.complete(this.last);
		}
		else {
			this.done.completeExceptionally(failure(status.toString()));
		}
	}

}
