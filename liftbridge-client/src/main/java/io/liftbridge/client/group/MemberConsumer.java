package io.liftbridge.client.group;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.consumer.Notices;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionOptions;
import io.liftbridge.client.consumer.Subscriptions;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group: what its {@link Membership} is given to read, its
 * {@link PartitionWorker workers} read. State belongs to {@link #events}.
 */
final class MemberConsumer implements GroupConsumer, Host, Membership.Callbacks {

	private static final Logger logger = LoggerFactory.getLogger(MemberConsumer.class);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private static final Duration LONGEST_LEAVE = Duration.ofSeconds(1);

	private final Serial<Runnable> events = new Serial<>(this::handle);

	private final Cluster cluster;

	private final Subscriptions subscriptions;

	private final GroupOptions options;

	private final CursorStore cursors;

	private final Membership membership;

	private final Notices notices;

	private final Map<GroupPartition, PartitionWorker> workers = new ConcurrentHashMap<>();

	/** How often a partition was taken away in an epoch in which it was the member's. */
	private final Map<GroupPartition, Integer> strikes = new HashMap<>();

	/** When the streams were created in which partitions were read last. */
	private final Map<GroupPartition, Long> lastRead = new HashMap<>();

	/** Completes when no handler runs any more, or it was waited for too long. */
	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<Void> ended = new CompletableFuture<>();

	private SortedSet<GroupPartition> assigned = new TreeSet<>();

	private boolean everAssigned;

	private long epoch;

	private long closeAt;

	private boolean closing;

	private volatile boolean clean = true;

	private @Nullable LiftbridgeException failure;

	private volatile GroupMember member;

	MemberConsumer(Cluster cluster, Subscriptions subscriptions, CursorStore cursors, GroupOptions options) {
		this.cluster = cluster;
		this.subscriptions = subscriptions;
		this.options = options;
		this.cursors = cursors;
		this.membership = new Membership(cluster, options, this.events, this);
		this.notices = new Notices(this, subscriptions.notices());
		this.member = new GroupMember(options.group(), options.consumerId(), "", 0, List.of());
	}

	void start() {
		this.events.post(this.membership::join);
	}

	private void handle(Runnable event) {
		try {
			event.run();
		}
		catch (Throwable ex) {
			logger.error("{} failed unexpectedly", this, ex);
		}
	}

	@Override
	public void assigned(long now, SortedSet<GroupPartition> given, long sent) {
		if (this.closing) {
			return;
		}
		SortedSet<GroupPartition> partitions = this.options.singleActive() ? allOrNone(given) : given;
		for (PartitionWorker worker : this.workers.values()) {
			if (partitions.contains(worker.partition()) && !worker.confirm(sent)) {
				doubted(worker);
			}
		}
		boolean first = !this.everAssigned;
		boolean moved = first || now != this.epoch || !partitions.equals(this.assigned);
		if (!moved && this.workers.keySet().containsAll(partitions)) {
			return;
		}
		String why = first ? "joined" : "epoch " + Long.toUnsignedString(now) + " after "
				+ Long.toUnsignedString(this.epoch) + ": a member came or went, or a stream was deleted";
		boolean renewed = !first && now != this.epoch;
		if (renewed) {
			this.strikes.clear();
		}
		if (moved) {
			tellOfMove(now, partitions, why);
		}
		this.everAssigned = true;
		this.epoch = now;
		this.assigned = partitions;
		for (PartitionWorker worker : this.workers.values()) {
			if (!partitions.contains(worker.partition())) {
				worker.release(why, true);
			}
			else if (renewed) {
				worker.epochChanged();
			}
		}
		partitions.forEach(this::acquire);
		if (first) {
			this.notices.post(() -> this.started.complete(null));
		}
	}

	/**
	 * All members know who has the first partition; they need not agree on anything else.
	 */
	private SortedSet<GroupPartition> allOrNone(SortedSet<GroupPartition> given) {
		SortedSet<String> streams = new TreeSet<>(this.options.streams());
		SortedSet<GroupPartition> all = new TreeSet<>();
		if (given.contains(new GroupPartition(streams.first(), 0))) {
			for (String stream : streams) {
				for (int i = 0; i < this.cluster.known().partitions(stream); i++) {
					all.add(new GroupPartition(stream, i));
				}
			}
		}
		return all;
	}

	private void tellOfMove(long now, SortedSet<GroupPartition> partitions, String why) {
		SortedSet<GroupPartition> gained = new TreeSet<>(partitions);
		gained.removeAll(this.assigned);
		SortedSet<GroupPartition> lost = new TreeSet<>(this.assigned);
		lost.removeAll(partitions);
		logger.info("{} reads {}: gained {}, lost {} ({})", this, partitions, gained, lost, why);
		this.epoch = now;
		describe(partitions);
		tell((listener, current) -> listener.onRebalance(current, why));
	}

	private void describe(SortedSet<GroupPartition> partitions) {
		this.member = new GroupMember(this.options.group(), this.options.consumerId(), this.membership.coordinator(),
				this.epoch, List.copyOf(partitions));
	}

	private void acquire(GroupPartition partition) {
		if (this.workers.containsKey(partition)) {
			return;
		}
		PartitionWorker worker = new PartitionWorker(this, partition);
		this.workers.put(partition, worker);
		int struck = this.strikes.getOrDefault(partition, 0);
		worker.start((struck == 0) ? Duration.ZERO : this.cluster.options().retryPolicy().pause(struck + 2));
	}

	@Override
	public void displaced(PartitionWorker worker) {
		int struck = this.strikes.merge(worker.partition(), 1, Integer::sum);
		if (struck == 3) {
			logger.warn("{}: {} is taken over again and again in epoch {}. Is there another consumer with this id?",
					this, worker.partition(), Long.toUnsignedString(this.epoch));
		}
		worker.release("another member has taken over", true);
		this.membership.heartbeatNow();
	}

	@Override
	public Duration memberTimeout() {
		return this.membership.consumerTimeout();
	}

	/**
	 * A member that hung has messages at hand that may be another's by now. The leader
	 * protects it against whoever has lost the partition, once it subscribes again.
	 */
	@Override
	public void doubted(PartitionWorker worker) {
		if (worker.verify()) {
			logger.info("{} was not heard by the coordinator in time and asks whether {} is still its own", this,
					worker.partition());
			this.membership.heartbeatNow();
		}
	}

	@Override
	public void released(PartitionWorker worker, String reason) {
		this.workers.remove(worker.partition(), worker);
		if (this.closing) {
			SortedSet<GroupPartition> rest = new TreeSet<>(this.member.partitions());
			rest.remove(worker.partition());
			describe(rest);
		}
		tell((listener, current) -> listener.onStandby(current, worker.partition(), reason));
		if (this.closing) {
			if (this.workers.isEmpty()) {
				this.idle.complete(null);
			}
		}
		else if (this.assigned.contains(worker.partition())) {
			acquire(worker.partition());
		}
	}

	@Override
	public void deleted(String stream) {
		logger.warn("{}: stream '{}' was deleted. The member goes on with its other streams, and with this one when it"
				+ " is created again", this, stream);
		tell((listener, current) -> listener.onStreamDeleted(current, stream));
	}

	/** Others may be given its partitions until it is back. */
	@Override
	public void leavesForAMoment() {
		this.workers.values().forEach((worker) -> worker.position().flush());
	}

	@Override
	public void interrupted(LiftbridgeException reason, int attempt) {
		if (attempt == 1) {
			logger.info("{} is interrupted: {}", this, reason.getMessage());
		}
		tell((listener, current) -> listener.onInterrupted(current, reason, attempt));
	}

	@Override
	public void failed(LiftbridgeException reason) {
		if (!this.closing) {
			logger.error("{} has failed: {}", this, reason.getMessage());
			this.failure = reason;
			beginClose(CLOSE_TIMEOUT);
		}
	}

	void requestClose(Duration timeout) {
		this.events.post(() -> beginClose(timeout));
	}

	private void beginClose(Duration timeout) {
		if (this.closing) {
			return;
		}
		this.closing = true;
		long nanos = Bounds.nanos(timeout);
		this.closeAt = System.nanoTime() + nanos;
		long leave = Math.min(LONGEST_LEAVE.toNanos(), nanos / 4);
		List.copyOf(this.workers.values()).forEach((worker) -> worker.release("closed", false));
		if (this.workers.isEmpty()) {
			this.idle.complete(null);
		}
		// The timer ends when it is not needed any more, as it would keep the member.
		this.idle.completeOnTimeout(null, nanos - leave, TimeUnit.NANOSECONDS)
			.thenRun(() -> this.events.post(this::leave));
	}

	private void leave() {
		if (!this.workers.isEmpty()) {
			this.clean = false;
			logger.warn("{} leaves although handlers of {} have not returned in time", this, this.workers.keySet());
			this.workers.values().forEach(PartitionWorker::left);
		}
		CompletableFuture<Void> done = this.cluster.track(new CompletableFuture<>());
		done.whenComplete((nothing, refused) -> finished());
		this.membership.leave(done);
		done.completeOnTimeout(null, Math.max(0, this.closeAt - System.nanoTime()), TimeUnit.NANOSECONDS);
	}

	private void finished() {
		LiftbridgeException reason = this.failure;
		this.notices.post(() -> {
			if (reason != null) {
				this.started.completeExceptionally(reason);
				this.ended.completeExceptionally(reason);
			}
			else {
				this.started.completeExceptionally(this.cluster.closedFailure());
				this.ended.complete(null);
			}
		});
	}

	@Override
	public GroupMember member() {
		return this.member;
	}

	@Override
	public CompletableFuture<Void> started() {
		return this.started.copy();
	}

	@Override
	public CompletableFuture<Void> ended() {
		return this.ended.copy();
	}

	@Override
	public CompletableFuture<Void> commit() {
		checkTracking();
		return this.notices.tell(CompletableFuture.allOf(this.workers.values()
			.stream()
			.map((worker) -> worker.position().commit())
			.toArray(CompletableFuture[]::new)));
	}

	@Override
	public CompletableFuture<Void> commit(ReceivedMessage<?> message) {
		return commit(new GroupPartition(message.stream(), message.partition()), message.processedOffset());
	}

	@Override
	public CompletableFuture<Void> commit(GroupPartition partition, long offset) {
		checkTracking();
		PartitionWorker worker = this.workers.get(partition);
		CompletableFuture<Void> done = (worker != null) ? worker.position().commit(offset) : null;
		return (done != null) ? this.notices.tell(done)
				: CompletableFuture.failedFuture(new LiftbridgeException(this + " does not read " + partition
						+ " any more: what follows offset " + offset + " will be delivered to whoever does."));
	}

	@Override
	public boolean holds(GroupPartition partition) {
		PartitionWorker worker = this.workers.get(partition);
		return worker != null && worker.isHeld();
	}

	@Override
	public void pause(GroupPartition partition) {
		tell(partition, (worker) -> worker.pause(true));
	}

	@Override
	public void resume(GroupPartition partition) {
		tell(partition, (worker) -> worker.pause(false));
	}

	@Override
	public void restart(GroupPartition partition) {
		tell(partition, (worker) -> worker.release("it begins again", true));
	}

	private void tell(GroupPartition partition, Consumer<PartitionWorker> what) {
		this.events.post(() -> {
			PartitionWorker worker = this.workers.get(partition);
			if (worker != null) {
				what.accept(worker);
			}
		});
	}

	@Override
	public CompletableFuture<Void> seek(GroupPartition partition, StartPosition position) {
		CompletableFuture<Void> done = this.cluster.track(new CompletableFuture<>());
		this.events.post(() -> {
			PartitionWorker worker = this.workers.get(partition);
			if (worker != null) {
				worker.seek(position, done);
			}
			else {
				done.completeExceptionally(new LiftbridgeException(this + " does not read " + partition
						+ ": it can only be told to read elsewhere by whoever does."));
			}
		});
		return this.notices.tell(done);
	}

	private void checkTracking() {
		if (this.options.tracking().isNone()) {
			throw new InvalidRequestException(
					this + " stores no positions: use OffsetTracking.manual() or every(...) instead of none().", null);
		}
	}

	@Override
	public void close() {
		close(CLOSE_TIMEOUT);
	}

	@Override
	public boolean close(Duration timeout) {
		requestClose(timeout);
		if (this.notices.isRunnerThread() || this.workers.values().stream().anyMatch(PartitionWorker::isRunnerThread)) {
			return false;
		}
		try {
			this.ended.get(Bounds.nanos(timeout), TimeUnit.NANOSECONDS);
			return this.clean;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException ex) {
			return this.clean;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

	@Override
	public Cluster cluster() {
		return this.cluster;
	}

	@Override
	public GroupOptions options() {
		return this.options;
	}

	@Override
	public CursorStore cursors() {
		return this.cursors;
	}

	@Override
	public long epoch() {
		return this.epoch;
	}

	@Override
	public long lastRead(GroupPartition partition) {
		return this.lastRead.getOrDefault(partition, 0L);
	}

	@Override
	public void reads(GroupPartition partition, long created) {
		if (created != 0) {
			this.lastRead.put(partition, created);
		}
	}

	@Override
	public Subscription subscribe(SubscriptionOptions subscription) {
		return this.subscriptions.start(subscription);
	}

	@Override
	public void post(Runnable step) {
		this.events.post(step);
	}

	@Override
	public void tell(BiConsumer<ConsumerUpdateListener, GroupMember> notice) {
		GroupMember current = this.member;
		this.notices.post(() -> notice.accept(this.options.listener(), current));
	}

	@Override
	public String toString() {
		return "Group '" + this.options.group() + "' member '" + this.options.consumerId() + "'";
	}

}
