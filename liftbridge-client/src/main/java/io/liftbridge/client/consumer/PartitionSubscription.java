package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Backoff;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.RpcStatus;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.cluster.SubscribeCall;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.stream.StreamAdmin;
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

	private static final Duration STABLE = Duration.ofSeconds(5);

	private final Serial<Runnable> events = new Serial<>(this::handle);

	private final Cluster cluster;

	private final SubscriptionOptions options;

	private final Consumer<PartitionSubscription> onEnd;

	private final Delivery delivery;

	private final Credit credit;

	private final Position position;

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private @Nullable SubscribeCall call;

	private @Nullable CallListener listener;

	private int attempt;

	/** How many calls in a row have delivered nothing and ended soon. */
	private int barren;

	private long liveSince;

	/** How often in a row the metadata named another leader. */
	private int strayed;

	private boolean finished;

	private volatile boolean live;

	private static final int LAGGING_ATTEMPTS = 6;

	private static final Duration LEADER_CHECK = Duration.ofSeconds(5);

	PartitionSubscription(Cluster cluster, SubscriptionOptions options, Executor executor,
			Consumer<PartitionSubscription> onEnd) {
		this.cluster = cluster;
		this.options = options;
		this.onEnd = onEnd;
		this.credit = new Credit(options.prefetch(), options.prefetchBytes());
		this.position = new Position(cluster, options);
		this.delivery = new Delivery(options, executor, new DeliveryCallbacks());
	}

	void start() {
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
		answer.thenCompose(this::find).thenCompose((found) -> this.position.resolve()).whenComplete((at, failure) -> {
			this.events.post(() -> {
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
			});
		});
	}

	private CompletableFuture<ClusterMetadata> find(ClusterMetadata metadata) {
		if (metadata.partition(this.options.stream(), this.options.partition()) != null) {
			return CompletableFuture.completedFuture(metadata);
		}
		return this.cluster.refresh().thenApply((latest) -> {
			int partitions = latest.partitions(this.options.stream());
			if (partitions == 0) {
				throw StreamAdmin.notFound(this.options.stream(), latest);
			}
			if (this.options.partition() >= partitions) {
				throw StreamAdmin.noPartition(this.options.stream(), this.options.partition(), partitions);
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
		this.attempt = 0;
		this.live = true;
		this.liveSince = System.nanoTime();
		this.credit.reset();
		request();
		this.position.anchor(this.events::post);
		this.strayed = 0;
		watchLeader(from);
		this.started.complete(null);
		logger.debug("{} is delivered by {}", this, current.broker());
		tell(() -> this.options.listener().onLive(this, current.broker()));
	}

	private void received(CallListener from, List<Message> messages) {
		if (from != this.listener || this.finished) {
			return;
		}
		this.barren = 0;
		long bytes = 0;
		for (Message message : messages) {
			bytes += message.getValue().size() + message.getKey().size();
		}
		this.credit.received(messages.size(), bytes);
		List<Message> wanted = this.position.accept(messages);
		if (wanted.size() < messages.size()) {
			this.credit.consumed(messages.size() - wanted.size());
		}
		if (!wanted.isEmpty()) {
			this.delivery.offer(wanted);
		}
		if (this.position.isStopReached()) {
			finish(EndReason.STOP_REACHED, null);
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
		if (this.live && System.nanoTime() - this.liveSince > STABLE.toNanos()) {
			this.barren = 0;
		}
		this.live = false;
		this.call = null;
		Outcome outcome = Outcome.of(status, this.options, this.barren);
		if (outcome.end() != null || outcome.failure() != null) {
			finish(outcome.end(), outcome.failure());
			return;
		}
		retryOrFail(new BrokerUnavailableException(this + " is interrupted: " + status, null,
				LiftbridgeException.Outcome.NOT_SENT));
	}

	private void retryOrFail(LiftbridgeException reason) {
		boolean unreachable = reason instanceof BrokerUnavailableException || this.cluster.isRecovering()
				|| reason instanceof RequestTimeoutException || isLagging(reason);
		if (!unreachable || this.cluster.isClosed()) {
			finish(null, reason);
			return;
		}
		this.attempt++;
		this.barren++;
		if (this.attempt == 1) {
			// That its broker is down was said once; listeners hear of each subscription.
			logger.debug("{}; trying again until it is closed", reason.getMessage());
		}
		tell(() -> this.options.listener().onInterrupted(this, reason, this.attempt));
		this.cluster.schedule(() -> connect(this.cluster.refresh()),
				Duration.ofMillis(Backoff.DEFAULT.millis(this.barren)));
	}

	/** One broker may not know yet what another one has created. */
	private boolean isLagging(LiftbridgeException reason) {
		return (reason instanceof StreamNotFoundException || reason instanceof PartitionNotFoundException)
				&& this.cluster.brokers().size() > 1 && this.attempt < LAGGING_ATTEMPTS && !this.started.isDone();
	}

	/** A leader that hangs, or leads no more, is left even if its call stays open. */
	private void checkLeader(CallListener from) {
		SubscribeCall current = this.call;
		if (from != this.listener || current == null || this.finished) {
			return;
		}
		this.strayed = this.cluster.isServing(current, target()) ? 0 : this.strayed + 1;
		if (this.strayed >= 2) {
			this.strayed = 0;
			hangUp();
			retryOrFail(
					new BrokerUnavailableException(this + " has another leader than broker " + current.broker() + ".",
							null, LiftbridgeException.Outcome.NOT_SENT));
			return;
		}
		watchLeader(from);
	}

	private void watchLeader(CallListener from) {
		this.cluster.schedule(() -> this.events.post(() -> checkLeader(from)), LEADER_CHECK);
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
		else {
			this.delivery.end((end != null) ? end : EndReason.CLOSED);
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
		this.delivery.stop();
	}

	private void tell(Runnable notification) {
		try {
			notification.run();
		}
		catch (RuntimeException ex) {
			logger.warn("The listener of {} failed", this, ex);
		}
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
	public boolean isLive() {
		return this.live;
	}

	@Override
	public CompletableFuture<Void> started() {
		return this.started.copy();
	}

	@Override
	public CompletableFuture<EndReason> ended() {
		return this.delivery.ended().copy();
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
		try {
			this.delivery.ended().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
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
		public void onMessages(List<Message> messages) {
			PartitionSubscription.this.events.post(() -> received(this, messages));
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
		public void finished(@Nullable EndReason reason, @Nullable Throwable failure) {
			PartitionSubscription self = PartitionSubscription.this;
			self.events.post(() -> {
				self.finished = true;
				hangUp();
			});
			self.onEnd.accept(self);
			if (failure != null) {
				self.started.completeExceptionally(failure);
				tell(() -> self.options.listener().onFailure(self, failure));
			}
			else {
				if (reason == EndReason.CLOSED) {
					self.started.completeExceptionally(new ClientClosedException(self + " was closed before it began.",
							null, LiftbridgeException.Outcome.NOT_SENT));
				}
				else {
					// There was nothing to wait for.
					self.started.complete(null);
				}
				tell(() -> self.options.listener().onEnd(self, (reason != null) ? reason : EndReason.CLOSED));
			}
		}

	}

}
