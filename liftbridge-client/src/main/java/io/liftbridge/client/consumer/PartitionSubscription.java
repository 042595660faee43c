package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.cluster.SubscribeCall;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.EntryDecoder;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.Message;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a Subscribe call open to whoever leads the partition. What it knows of the call
 * belongs to {@link #events}; what arrives goes to the {@link Delivery}.
 */
final class PartitionSubscription implements Subscription {

	private static final Logger logger = LoggerFactory.getLogger(PartitionSubscription.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final Serial<Runnable> events = new Serial<>(this::handle);

	private final Cluster cluster;

	private final SubscriptionOptions options;

	private final Delivery delivery;

	private final Credit credit;

	private volatile Progress position;

	private final @Nullable SubscriptionCursor cursor;

	private final LeaderWatch watch;

	private final Attempts attempts;

	private final Reporter reporter;

	private @Nullable SubscribeCall call;

	private @Nullable CallListener listener;

	private boolean finished;

	private volatile boolean live;

	PartitionSubscription(Cluster cluster, SubscriptionOptions options, @Nullable SubscriptionCursor cursor,
			Codecs codecs, Executor threads, Executor notices) {
		this.cluster = cluster;
		this.options = options;
		this.cursor = cursor;
		this.credit = new Credit(options.prefetch(), options.prefetchBytes());
		this.position = options.reverse() ? new ReversePosition(options) : new Position(cluster, options);
		this.watch = new LeaderWatch(cluster, target());
		this.attempts = new Attempts(cluster);
		this.reporter = new Reporter(this, options.listener(), options.role() != null, notices);
		this.delivery = new Delivery((cursor == null || cursor.isPulled()) ? options : options.observed(cursor),
				new EntryDecoder(codecs, options.entries()),
				(options.executor() != null) ? options.executor() : threads, new DeliveryCallbacks());
	}

	void start() {
		watch();
		connect(this.cluster.metadata());
	}

	private void handle(Runnable event) {
		try {
			event.run();
		}
		catch (Throwable ex) {
			logger.error("Subscription to {} failed unexpectedly", this, ex);
			this.delivery.fail(ex);
		}
	}

	/** Looks the partition up, finds where to begin, then opens the call. */
	private void connect(CompletableFuture<ClusterMetadata> answer) {
		answer.thenCompose(this::find)
			.thenCompose(this::begin)
			.thenCompose((begun) -> this.position.resolve())
			.whenComplete((at, failure) -> this.events.post(() -> {
				if (this.finished) {
					return;
				}
				if (failure != null) {
					retryOrFail(Cluster.unwrap(failure));
				}
				else if (this.position.isEmpty()) {
					finish(EndReason.STOP_REACHED, null);
				}
				else {
					open();
				}
			}));
	}

	/** Goes on where the cursor points. */
	private CompletableFuture<Void> begin(ClusterMetadata metadata) {
		if (this.cursor == null) {
			return CompletableFuture.completedFuture(null);
		}
		return this.cursor.begin(metadata, this.reporter::notStored)
			.thenAccept((start) -> start
				.ifPresent((found) -> this.position = new Position(this.cluster, this.options.from(found))));
	}

	private CompletableFuture<ClusterMetadata> find(ClusterMetadata metadata) {
		if (metadata.partition(this.options.stream(), this.options.partition()) != null) {
			return CompletableFuture.completedFuture(metadata);
		}
		return this.cluster.refresh().thenApply((latest) -> {
			int partitions = latest.partitions(this.options.stream());
			if (partitions == 0) {
				throw Missing.stream(this.options.stream(), latest);
			}
			if (this.options.partition() >= partitions) {
				throw Missing.partition(this.options.stream(), this.options.partition(), partitions);
			}
			return latest;
		});
	}

	private void open() {
		CallListener next = new CallListener();
		this.listener = next;
		this.call = this.cluster.subscribe(this.position.request(), target(), next);
		if (this.call == null) {
			retryOrFail(new BrokerUnavailableException(this + " has no leader at the moment.", null,
					LiftbridgeException.Outcome.NOT_SENT));
			return;
		}
		this.cluster.schedule(() -> this.events.post(() -> checkLive(next)), this.cluster.options().requestTimeout());
	}

	/** A broker that hangs must not be waited for when another one leads. */
	private void checkLive(CallListener from) {
		SubscribeCall current = this.call;
		if (from != this.listener || current == null || this.live) {
			return;
		}
		hangUp();
		retryOrFail(new BrokerUnavailableException(this + " got no answer from broker " + current.broker() + " within "
				+ this.cluster.options().requestTimeout() + ".", null, LiftbridgeException.Outcome.NOT_SENT));
	}

	private void live(CallListener from) {
		SubscribeCall current = this.call;
		if (from != this.listener || current == null) {
			return;
		}
		this.live = true;
		this.attempts.live();
		this.credit.reset();
		request();
		logger.debug("{} is delivered by {}", this, current.broker());
		this.reporter.live(current.broker());
		if (this.position.isResolved()) {
			this.reporter.started();
		}
		else {
			this.position.fetch().whenComplete((metadata, failure) -> this.events.post(() -> {
				if (metadata != null) {
					this.position.settle(metadata);
				}
				if (metadata != null || from == this.listener) {
					this.reporter.started();
				}
			}));
		}
	}

	private void received(CallListener from, List<Message> messages, long bytes) {
		if (from != this.listener || this.finished) {
			return;
		}
		this.attempts.fruitful();
		this.credit.received(messages.size(), bytes);
		List<Message> wanted;
		try {
			wanted = this.position.accept(messages);
		}
		catch (LiftbridgeException ex) {
			invalidate(ex);
			finish(null, ex);
			return;
		}
		if (wanted.size() < messages.size()) {
			this.credit.consumed(messages.size() - wanted.size());
		}
		if (!wanted.isEmpty()) {
			this.delivery.offer(wanted);
		}
		if (this.position.isStopReached()) {
			finish(this.position.end(), null);
			return;
		}
		request();
	}

	private void request() {
		int messages = this.credit.next();
		if (messages > 0 && this.call != null && this.live) {
			this.call.request(messages);
		}
	}

	private void callClosed(CallListener from, RpcStatus status) {
		if (from != this.listener || this.finished) {
			return;
		}
		if (this.live) {
			this.attempts.lost();
		}
		this.live = false;
		this.call = null;
		if (this.attempts.isAstray(status)) {
			finish(null, this.cluster.strayed(target(), this.attempts.strayed(), status));
			return;
		}
		Outcome outcome = this.position.judge(status, this.attempts.barren());
		if (outcome == Outcome.ONWARD) {
			open();
			return;
		}
		if (outcome.failure() instanceof StreamNotFoundException deleted) {
			invalidate(deleted);
		}
		if (outcome.end() != null || outcome.failure() != null) {
			finish(outcome.end(), outcome.failure());
			return;
		}
		retryOrFail(new BrokerUnavailableException(this + " is interrupted: " + status, null,
				LiftbridgeException.Outcome.NOT_SENT));
	}

	private void retryOrFail(LiftbridgeException reason) {
		if (!this.attempts.isWorthAnother(reason)) {
			finish(null, reason);
			return;
		}
		int failed = this.attempts.count();
		if (failed == 1) {
			// That its broker is down was said once; listeners hear of each subscription.
			logger.debug("{}; trying again until it is closed", reason.getMessage());
		}
		this.reporter.interrupted(reason, failed);
		this.cluster.schedule(() -> connect(this.cluster.refresh()), this.attempts.pause());
	}

	/** Looks now and then at what nobody reports. */
	private void watch() {
		this.cluster.schedule(() -> this.events.post(() -> {
			this.delivery.check();
			SubscribeCall current = this.call;
			if (current != null && this.live && this.watch.isDeposed(current)) {
				hangUp();
				retryOrFail(new BrokerUnavailableException(
						this + " has another leader than broker " + current.broker() + ".", null,
						LiftbridgeException.Outcome.NOT_SENT));
			}
			if (!this.delivery.isEnded()) {
				watch();
			}
		}), this.watch.interval());
	}

	private Target target() {
		return this.options.isrReplica() ? Target.replica(this.options.stream(), this.options.partition())
				: Target.leader(this.options.stream(), this.options.partition());
	}

	private void finish(@Nullable EndReason end, @Nullable LiftbridgeException failure) {
		if (this.finished) {
			return;
		}
		this.finished = true;
		hangUp();
		if (failure != null) {
			this.delivery.fail(failure);
		}
		else if (end == EndReason.DISPLACED) {
			// The other member reads what has arrived here, too.
			this.delivery.stop(end);
		}
		else {
			this.delivery.end((end != null) ? end : EndReason.CLOSED);
		}
	}

	/** The cursor says nothing of what has the stream's name from now on. */
	private void invalidate(LiftbridgeException reason) {
		if (this.cursor != null) {
			this.cursor.invalidate(reason);
		}
	}

	private void hangUp() {
		this.live = false;
		this.listener = null;
		if (this.call != null) {
			this.call.cancel();
			this.call = null;
		}
	}

	void requestClose() {
		this.events.post(() -> {
			this.finished = true;
			hangUp();
		});
		if (this.cursor != null && !this.cursor.isPulled()) {
			this.cursor.stop();
		}
		this.delivery.stop(EndReason.CLOSED);
	}

	@Override
	public String stream() {
		return this.options.stream();
	}

	@Override
	public int partition() {
		return this.options.partition();
	}

	@Override
	public long lastDelivered() {
		return this.delivery.lastDelivered();
	}

	@Override
	public long lastProcessed() {
		return this.delivery.lastProcessed();
	}

	@Override
	public boolean isLive() {
		return this.live;
	}

	@Override
	public CompletableFuture<Void> started() {
		return this.reporter.observeStart();
	}

	/** Runs something at the end, however it comes. */
	void atEnd(Runnable action) {
		this.reporter.whenEnded().whenComplete((reason, failure) -> action.run());
	}

	@Override
	public CompletableFuture<EndReason> ended() {
		return this.reporter.observeEnd();
	}

	@Override
	public CompletableFuture<Void> commit() {
		return this.reporter.tell(SubscriptionCursor.required(this.cursor, this).commit());
	}

	@Override
	public CompletableFuture<Void> commit(ReceivedMessage<?> message) {
		return this.reporter.tell(SubscriptionCursor.required(this.cursor, this).commit(message));
	}

	@Override
	public void pause() {
		this.delivery.pause();
	}

	@Override
	public void resume() {
		this.delivery.resume();
	}

	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	@Override
	public boolean close(Duration timeout) {
		requestClose();
		if (this.delivery.isRunnerThread()) {
			return true;
		}
		if (this.reporter.isRunnerThread()) {
			return this.delivery.isEnded();
		}
		return Bounds.await(this.reporter.whenEnded(), timeout);
	}

	@Override
	public String toString() {
		return "stream '" + this.options.stream() + "' partition " + this.options.partition();
	}

	private final class CallListener implements SubscribeCall.Listener {

		@Override
		public void onLive() {
			PartitionSubscription.this.events.post(() -> live(this));
		}

		@Override
		public void onMessages(List<Message> messages, long bytes) {
			PartitionSubscription.this.events.post(() -> received(this, messages, bytes));
		}

		@Override
		public void onClosed(RpcStatus status) {
			PartitionSubscription.this.events.post(() -> callClosed(this, status));
		}

	}

	private final class DeliveryCallbacks implements Delivery.Callbacks {

		@Override
		public void consumed(int messages) {
			PartitionSubscription.this.events.post(() -> {
				PartitionSubscription.this.credit.consumed(messages);
				request();
			});
		}

		@Override
		public void malformed(MalformedEntryException malformed) {
			PartitionSubscription.this.reporter.malformed(malformed);
		}

		@Override
		public void finished(@Nullable EndReason reason, @Nullable Throwable failure) {
			PartitionSubscription self = PartitionSubscription.this;
			self.events.post(() -> {
				self.finished = true;
				hangUp();
			});
			SubscriptionCursor kept = self.cursor;
			CompletableFuture<Void> stored = (kept == null || kept.isPulled()) ? CompletableFuture.completedFuture(null)
					: kept.close();
			stored.whenComplete((nothing, refused) -> {
				if (failure != null) {
					self.reporter.failed(failure);
				}
				else {
					self.reporter.ended((reason != null) ? reason : EndReason.CLOSED);
				}
			});
		}

	}

}
