package io.liftbridge.spring.listener;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.spring.event.ListenerPartitionsAssignedEvent;
import io.liftbridge.spring.event.ListenerPartitionsRevokedEvent;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a group leaves to its member, as they come and go.
 */
final class GroupPartitions implements ConsumerUpdateListener, BatchHandler {

	private static final Logger logger = LoggerFactory.getLogger(GroupPartitions.class);

	private final ContainerContext context;

	private final ContainerSession session;

	private final GroupAssignment assignment;

	private final Map<GroupPartition, GroupPartitionConsumer> consumers = new ConcurrentSkipListMap<>();

	/** Those that were given up while something of them still ran. */
	private final Map<GroupPartition, CompletableFuture<Void>> ending = new ConcurrentHashMap<>();

	/** What is the member's and still to be begun. */
	private final Map<GroupPartition, Pending> pending = new ConcurrentSkipListMap<>();

	/** What was told to the application, and not taken back. */
	private volatile Set<GroupPartition> told = Set.of();

	GroupPartitions(ContainerContext context, ContainerSession session, GroupAssignment assignment) {
		this.context = context;
		this.session = session;
		this.assignment = assignment;
	}

	/** Whether everything that it was given, and still has, is or was delivered. */
	boolean haveBegun() {
		return this.told.stream().allMatch((partition) -> {
			GroupPartitionConsumer consumer = this.consumers.get(partition);
			return consumer != null && consumer.reporter().health().hasBegun();
		});
	}

	/** With those that are still to be begun. */
	List<PartitionStatus> status() {
		if (this.pending.isEmpty()) {
			return consumers().map(GroupPartitionConsumer::status).toList();
		}
		Map<GroupPartition, PartitionStatus> all = new TreeMap<>();
		this.pending.forEach((partition, begin) -> all.put(partition, begin.status(partition)));
		this.consumers.forEach((partition, consumer) -> all.put(partition, consumer.status()));
		return List.copyOf(all.values());
	}

	Stream<GroupPartitionConsumer> consumers() {
		return this.consumers.values().stream();
	}

	/** What it is given when it joins again is news. */
	void left() {
		this.told = Set.of();
		this.pending.clear();
	}

	@Override
	public void onRebalance(GroupMember current, String reason) {
		Set<GroupPartition> now = new TreeSet<>(current.partitions());
		// Not when they are given up: whoever gets them may begin in this moment.
		this.consumers.forEach((partition, consumer) -> {
			if (!now.contains(partition)) {
				consumer.revoke();
			}
		});
		now.removeAll(this.told);
		tellAssigned(now);
		// What it waited for may be another's.
		this.session.check();
	}

	private void tellAssigned(Set<GroupPartition> gained) {
		Set<GroupPartition> all = new TreeSet<>(this.told);
		all.addAll(gained);
		this.told = all;
		gained.forEach((partition) -> this.pending.put(partition, new Pending(Instant.now(), null)));
		gained.stream()
			.collect(Collectors.groupingBy(GroupPartition::stream, TreeMap::new,
					Collectors.mapping(GroupPartition::partition, Collectors.toList())))
			.forEach((stream, partitions) -> {
				logger.info("Listener '{}' reads stream '{}' partitions {}", this.context.id(), stream, partitions);
				this.context.publish(new ListenerPartitionsAssignedEvent(this.session.source(), this.context.id(),
						stream, partitions));
			});
	}

	@Override
	public @Nullable StartPosition onActive(GroupMember current, GroupPartition partition, OptionalLong stored) {
		if (!this.told.contains(partition)) {
			// It was given up, and is the member's again.
			tellAssigned(Set.of(partition));
		}
		GroupPartitionConsumer former = this.consumers.get(partition);
		StartPosition start = find(partition, stored, former != null && former.isSought());
		long processed = stored.orElse(-1);
		if (start != null) {
			processed = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		}
		GroupPartitionConsumer next = new GroupPartitionConsumer(this.context, this.session, this.assignment, partition,
				processed);
		if (former != null) {
			giveUp(partition, former);
		}
		next.follow(this.ending.getOrDefault(partition, CompletableFuture.completedFuture(null)));
		this.consumers.put(partition, next);
		this.pending.remove(partition);
		if (this.session.isStopping()) {
			next.stop();
		}
		next.applyPause();
		return start;
	}

	/** What was delivered late may still run, as no subscription waits for that. */
	private void giveUp(GroupPartition partition, GroupPartitionConsumer consumer) {
		CompletableFuture<Void> end = consumer.close();
		CompletableFuture<Void> before = this.ending.get(partition);
		CompletableFuture<Void> both = (before != null) ? CompletableFuture.allOf(before, end) : end;
		if (!both.isDone()) {
			this.ending.put(partition, both);
			both.thenRun(() -> this.ending.remove(partition, both));
		}
	}

	/**
	 * Whether somebody else than cursor and options says where to begin.
	 * @param sought whether somebody has, just now
	 */
	private @Nullable StartPosition find(GroupPartition partition, OptionalLong stored, boolean sought) {
		if (this.assignment.isRetryStream(partition)) {
			// What has failed since is in it, wherever the listener has begun.
			return stored.isEmpty() ? StartPosition.earliest() : null;
		}
		ContainerProperties properties = this.context.properties();
		SeekAware aware = properties.getSeekAware();
		if (aware != null && !sought) {
			SeekTo place = aware.onAssigned(this.session.container(), partition.stream(), partition.partition(),
					stored);
			if (place != null) {
				return place.resolve(stored.orElse(-1));
			}
		}
		PartitionStart starts = properties.getPartitionStart();
		StartPosition own = (starts != null && this.assignment.cursorId() == null)
				? starts.find(partition.stream(), partition.partition(), () -> configured(partition)) : null;
		return (own != null && own.kind() == StartPosition.Kind.OFFSET && own.value() > 0) ? existing(partition, own)
				: own;
	}

	private StartPosition configured(GroupPartition partition) {
		return StartFinder.fixed(this.context.client(), partition.stream(), partition.partition(),
				this.context.properties().getStartPosition().get(), leader(partition));
	}

	/** {@code null} if the partition is paused. */
	private @Nullable PartitionInfo leader(GroupPartition partition) {
		LiftbridgeClient client = this.context.client();
		PartitionInfo known = client.streams().describe(partition.stream()).partitions().get(partition.partition());
		return StartFinder.leader(client, partition.stream(), partition.partition(), known.pausedOnce());
	}

	private StartPosition existing(GroupPartition partition, StartPosition own) {
		PartitionInfo leader = leader(partition);
		if (leader == null || own.value() <= leader.newestOffset() + 1) {
			return own;
		}
		long newest = leader.newestOffset();
		logger.warn("Listener '{}': {} is to be read from offset {} and ends at {}: it has lost messages; what follows"
				+ " is read", this.context.id(), partition, own.value(), newest);
		return StartPosition.offset(newest + 1);
	}

	@Override
	public void onStandby(GroupMember current, GroupPartition partition, String reason) {
		this.pending.remove(partition);
		GroupPartitionConsumer former = this.consumers.remove(partition);
		try {
			if (former != null) {
				giveUp(partition, former);
				SeekAware aware = this.context.properties().getSeekAware();
				if (aware != null && !this.assignment.isRetryStream(partition)) {
					aware.onRevoked(this.session.container(), partition.stream(), partition.partition());
				}
			}
		}
		finally {
			if (this.told.contains(partition)) {
				tellRevoked(partition, reason);
			}
			if (!current.partitions().contains(partition)) {
				// Nobody waits for it any more.
				this.session.check();
			}
		}
	}

	private void tellRevoked(GroupPartition partition, String reason) {
		Set<GroupPartition> rest = new TreeSet<>(this.told);
		rest.remove(partition);
		this.told = rest;
		logger.info("Listener '{}' has given up stream '{}' partition {}: {}", this.context.id(), partition.stream(),
				partition.partition(), reason);
		this.context.publish(new ListenerPartitionsRevokedEvent(this.session.source(), this.context.id(),
				partition.stream(), List.of(partition.partition()), reason));
	}

	@Override
	public void onLive(GroupMember current, GroupPartition partition, String broker) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().live();
		}
		this.session.check();
	}

	@Override
	public void onPartitionInterrupted(GroupMember current, GroupPartition partition, LiftbridgeException reason) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().interrupted(reason.toString());
		}
	}

	@Override
	public void onCursorFailure(GroupMember current, GroupPartition partition, LiftbridgeException failure) {
		// Whoever wanted it to be stored tells.
	}

	@Override
	public void onFailure(GroupMember current, GroupPartition partition, Throwable failure) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null) {
			consumer.reporter().interrupted(FailureText.of(failure));
		}
		else {
			this.pending.computeIfPresent(partition,
					(key, begin) -> new Pending(begin.since(), FailureText.of(failure)));
		}
		this.session.startupFailed(failure);
	}

	@Override
	public void onEndOfPartition(GroupMember current, GroupPartition partition) {
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer != null && consumer.reporter().ended()) {
			this.session.check();
		}
	}

	@Override
	public void onMessages(List<ReceivedMessage<byte[]>> messages) {
		consumer(messages.get(0)).onMessages(messages);
	}

	@Override
	public boolean onMalformed(MalformedEntryException malformed) {
		ReceivedMessage<byte[]> raw = malformed.raw();
		return raw != null && consumer(raw).onMalformed(malformed);
	}

	private GroupPartitionConsumer consumer(ReceivedMessage<?> message) {
		GroupPartition partition = new GroupPartition(message.stream(), message.partition());
		GroupPartitionConsumer consumer = this.consumers.get(partition);
		if (consumer == null) {
			throw new IllegalStateException(
					"Listener '" + this.context.id() + "' got a message of " + partition + ", which is not its own.");
		}
		return consumer;
	}

	/**
	 * A partition that no message can come from yet.
	 *
	 * @param since when it was given to the member
	 * @param error why it cannot begin, {@code null} if nobody knows of a reason
	 */
	private record Pending(Instant since, @Nullable String error) {

		PartitionStatus status(GroupPartition partition) {
			return PartitionStatus.unread(partition.stream(), partition.partition(), false, this.error, this.since);
		}

	}

}
