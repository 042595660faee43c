package io.liftbridge.embedded.group;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.embedded.group.GroupsState.GroupState;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.MetadataLog;
import io.liftbridge.embedded.stream.MetadataLeader;
import io.liftbridge.embedded.stream.RefusedException;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.PartitionAssignment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All consumer groups. This broker coordinates each of them. Thread-safe.
 */
public final class ConsumerGroups {

	private static final Logger logger = LoggerFactory.getLogger(ConsumerGroups.class);

	private static final String NO_GROUP = "consumer group does not exist";

	private static final String NO_MEMBER = "consumer is not a member of the consumer group";

	private final Cluster cluster;

	private final Streams streams;

	private final MetadataLeader leader;

	private final Duration consumerTimeout;

	private final Duration coordinatorTimeout;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, ConsumerGroup> groups = new TreeMap<>();

	private @Nullable ScheduledExecutorService scheduler;

	private final MetadataLog metadata;

	private final GroupStorage storage;

	/**
	 * Creates the set of the groups that were kept.
	 * @param cluster the cluster they are in
	 * @param streams what they consume
	 * @param leader tells whether they are known yet
	 * @param metadata gets the changes
	 * @param storage where they are kept
	 * @param consumerTimeout time after which a silent consumer is removed
	 * @param coordinatorTimeout time after which reports of a lost coordinator are
	 * forgotten
	 * @throws StorageException if they cannot be read
	 */
	public ConsumerGroups(Cluster cluster, Streams streams, MetadataLeader leader, MetadataLog metadata,
			GroupStorage storage, Duration consumerTimeout, Duration coordinatorTimeout) {
		this.cluster = cluster;
		this.streams = streams;
		this.leader = leader;
		this.consumerTimeout = consumerTimeout;
		this.coordinatorTimeout = coordinatorTimeout;
		this.metadata = metadata;
		this.storage = storage;
		GroupsState kept = storage.load();
		metadata.atLeast(kept.index());
		for (GroupState state : kept.groups()) {
			this.groups.put(state.id(), new ConsumerGroup(state, this::partitionCount));
		}
		streams.onDeletion(this::streamDeleted);
	}

	/**
	 * Begins to watch the consumers.
	 * @param scheduler the broker's clock
	 */
	public void start(ScheduledExecutorService scheduler) {
		this.lock.lock();
		try {
			this.scheduler = scheduler;
			for (ConsumerGroup group : this.groups.values()) {
				group.assignments().members().forEach((consumer) -> keepAlive(group, consumer));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets consumers be silent.
	 */
	public void stop() {
		this.lock.lock();
		try {
			this.scheduler = null;
			for (ConsumerGroup group : this.groups.values()) {
				group.assignments().members().forEach(group::neverExpires);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a consumer to a group and creates the group if there is none.
	 * @param groupId the group
	 * @param consumerId the consumer
	 * @param names the streams it subscribes to
	 * @return the group's epoch, 0 for a new one
	 * @throws RefusedException if it is a member already or a stream does not exist
	 */
	public long join(String groupId, String consumerId, Collection<String> names) {
		this.lock.lock();
		try {
			ConsumerGroup group = this.groups.get(groupId);
			if (group != null && group.assignments().isMember(consumerId)) {
				throw RefusedException.failedPrecondition("consumer is already a member of the consumer group");
			}
			for (String name : names) {
				if (this.streams.find(name) == null) {
					throw RefusedException.failedPrecondition("stream does not exist");
				}
			}
			long changed = this.metadata.append(Events.joined(groupId, consumerId, names));
			if (group == null) {
				group = new ConsumerGroup(groupId, this::partitionCount);
				this.groups.put(groupId, group);
			}
			else {
				group.changedAt(changed);
			}
			group.assignments().join(consumerId, names);
			keepAlive(group, consumerId);
			try {
				save();
			}
			catch (RefusedException ex) {
				// Who was refused is no member, and may join later.
				takeOut(group, consumerId, false);
				throw ex;
			}
			return group.epoch();
		}
		finally {
			this.lock.unlock();
		}
	}

	private int partitionCount(String name) {
		Stream stream = this.streams.find(name);
		return (stream != null) ? stream.partitions().size() : 0;
	}

	private void save() {
		try {
			this.storage.save(new GroupsState(this.metadata.last(),
					this.groups.values().stream().map(ConsumerGroup::state).toList()));
		}
		catch (StorageException ex) {
			throw RefusedException.internal("failed to keep the consumer groups: " + ex.getMessage());
		}
	}

	private void keepAlive(ConsumerGroup group, String consumerId) {
		ScheduledExecutorService executor = this.scheduler;
		if (executor == null || executor.isShutdown()) {
			return;
		}
		long timeout = this.consumerTimeout.toNanos();
		long dueAt = System.nanoTime() + timeout;
		group.expires(consumerId, dueAt,
				executor.schedule(() -> expire(group, consumerId), timeout, TimeUnit.NANOSECONDS));
	}

	private void expire(ConsumerGroup group, String consumerId) {
		this.lock.lock();
		try {
			if (this.groups.get(group.id()) != group || !group.hasExpired(consumerId, System.nanoTime())) {
				return;
			}
			logger.debug("Consumer {} of group {} was silent for {} and is removed", consumerId, group.id(),
					this.consumerTimeout);
			remove(group, consumerId, true);
		}
		catch (RefusedException ex) {
			logger.warn("Consumer {} of group {} was removed, but: {}", consumerId, group.id(), ex.getMessage());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Removes a consumer from its group. The last one takes the group with it.
	 * @param groupId the group
	 * @param consumerId the consumer
	 * @throws RefusedException if there is no such group or it is not a member
	 */
	public void leave(String groupId, String consumerId) {
		this.lock.lock();
		try {
			ConsumerGroup group = existing(groupId);
			if (!group.assignments().isMember(consumerId)) {
				throw RefusedException.failedPrecondition(NO_MEMBER);
			}
			remove(group, consumerId, false);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove(ConsumerGroup group, String consumerId, boolean expired) {
		takeOut(group, consumerId, expired);
		save();
	}

	private void takeOut(ConsumerGroup group, String consumerId, boolean expired) {
		group.neverExpires(consumerId);
		group.assignments().leave(consumerId);
		group.changedAt(this.metadata.append(Events.left(group.id(), consumerId, expired)));
		if (group.assignments().members().isEmpty()) {
			this.groups.remove(group.id());
		}
	}

	private void streamDeleted(String stream) {
		this.lock.lock();
		try {
			long changed = this.metadata.append();
			boolean affected = false;
			for (ConsumerGroup group : this.groups.values()) {
				if (group.assignments().streamDeleted(stream)) {
					group.changedAt(changed);
					affected = true;
				}
			}
			if (affected) {
				save();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What a consumer shall read. Keeps the consumer alive.
	 * @param groupId the group
	 * @param consumerId the consumer
	 * @param epoch the group's epoch as the consumer knows it
	 * @return its partitions
	 * @throws RefusedException if the group, its epoch or its members are not as the
	 * consumer thinks
	 */
	public FetchConsumerGroupAssignmentsResponse assignments(String groupId, String consumerId, long epoch) {
		this.lock.lock();
		try {
			ConsumerGroup group = this.leader.isKnown() ? existing(groupId) : null;
			if (group == null) {
				throw RefusedException.notFound(NO_GROUP);
			}
			if (epoch != group.epoch()) {
				throw RefusedException
					.failedPrecondition("client-provided group epoch differs from broker group epoch");
			}
			Map<String, List<Integer>> assigned = group.assignments().of(consumerId);
			if (assigned == null) {
				throw RefusedException.failedPrecondition(NO_MEMBER);
			}
			keepAlive(group, consumerId);
			FetchConsumerGroupAssignmentsResponse.Builder response = FetchConsumerGroupAssignmentsResponse.newBuilder()
				.setEpoch(group.epoch());
			assigned.forEach((stream, partitions) -> response
				.addAssignments(PartitionAssignment.newBuilder().setStream(stream).addAllPartitions(partitions)));
			return response.build();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Notes that a consumer cannot reach its coordinator. There is no other broker, so
	 * nothing comes of it.
	 * @param groupId the group
	 * @param consumerId the consumer
	 * @param coordinator the coordinator as the consumer knows it
	 * @param epoch the group's epoch as the consumer knows it
	 * @throws RefusedException if that is not how things are, or if a new coordinator
	 * would have to be found
	 */
	public void report(String groupId, String consumerId, String coordinator, long epoch) {
		this.lock.lock();
		try {
			ConsumerGroup group = this.groups.get(groupId);
			if (group == null) {
				throw RefusedException.failedPrecondition("No such consumer group " + groupId);
			}
			if (!coordinator.equals(this.cluster.brokerId()) || epoch != group.epoch()) {
				throw RefusedException.failedPrecondition("Coordinator generation mismatch, current coordinator: "
						+ this.cluster.brokerId() + " epoch: " + Long.toUnsignedString(group.epoch())
						+ ", got coordinator: " + coordinator + " epoch: " + Long.toUnsignedString(epoch));
			}
			if (!group.assignments().isMember(consumerId)) {
				throw RefusedException
					.failedPrecondition("Consumer " + consumerId + " is not a member of consumer group " + groupId);
			}
			if (group.reportedBy(consumerId, System.nanoTime(), this.coordinatorTimeout.toNanos())) {
				throw RefusedException.failedPrecondition("No group coordinator candidates");
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What metadata says of a group.
	 * @param groupId any text
	 * @return its description, or the fact that it is unknown
	 */
	public ConsumerGroupMetadata describe(String groupId) {
		this.lock.lock();
		try {
			ConsumerGroup group = this.leader.isKnown() ? this.groups.get(groupId) : null;
			ConsumerGroupMetadata.Builder metadata = ConsumerGroupMetadata.newBuilder().setGroupId(groupId);
			if (group == null) {
				return metadata.setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP).build();
			}
			return metadata.setCoordinator(this.cluster.brokerId()).setEpoch(group.epoch()).build();
		}
		finally {
			this.lock.unlock();
		}
	}

	private ConsumerGroup existing(String groupId) {
		ConsumerGroup group = this.groups.get(groupId);
		if (group == null) {
			throw RefusedException.notFound(NO_GROUP);
		}
		return group;
	}

}
