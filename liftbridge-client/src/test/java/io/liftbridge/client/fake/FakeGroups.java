package io.liftbridge.client.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import io.grpc.Status;
import io.liftbridge.proto.ConsumerGroupMetadata;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsRequest;
import io.liftbridge.proto.FetchConsumerGroupAssignmentsResponse;
import io.liftbridge.proto.JoinConsumerGroupRequest;
import io.liftbridge.proto.JoinConsumerGroupResponse;
import io.liftbridge.proto.LeaveConsumerGroupRequest;
import io.liftbridge.proto.PartitionAssignment;
import io.liftbridge.proto.ReportConsumerGroupCoordinatorRequest;

/**
 * The consumer groups of the scripted cluster. A test decides who is assigned what;
 * members that nothing was decided for get every partition of their first stream.
 */
public final class FakeGroups {

	private final ReentrantLock lock = new ReentrantLock();

	private final FakeCluster cluster;

	private final Map<String, Map<String, List<Integer>>> groups = new ConcurrentHashMap<>();

	private final Map<String, String> streams = new ConcurrentHashMap<>();

	private final List<String> log = new CopyOnWriteArrayList<>();

	private volatile long epoch;

	private volatile String coordinator = "b1";

	private volatile Duration timeout = Duration.ofSeconds(1);

	FakeGroups(FakeCluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * Sets the timeouts that members are told, for themselves and for coordinators.
	 * @param timeout both
	 */
	public void timeout(Duration timeout) {
		this.timeout = timeout;
	}

	/**
	 * Moves the groups to another broker.
	 * @param broker its id
	 */
	public void coordinator(String broker) {
		this.coordinator = broker;
		this.epoch += 3;
	}

	/**
	 * Assigns partitions in a new epoch.
	 * @param group the group
	 * @param consumer the member
	 * @param partitions what it is to read
	 */
	public void assign(String group, String consumer, Integer... partitions) {
		this.lock.lock();
		try {
			members(group).put(consumer, List.of(partitions));
			this.epoch += 2;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Removes a member, as if its time had been up.
	 * @param group the group
	 * @param consumer the member
	 */
	public void expire(String group, String consumer) {
		this.lock.lock();
		try {
			members(group).remove(consumer);
			if (members(group).isEmpty()) {
				this.groups.remove(group);
			}
			this.epoch += 2;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The members of a group.
	 * @param group the group
	 * @return their ids
	 */
	public List<String> consumers(String group) {
		return List.copyOf(this.groups.getOrDefault(group, Map.of()).keySet());
	}

	/**
	 * Joins, departures and reports so far.
	 * @return in order, as "join c1"
	 */
	public List<String> log() {
		return List.copyOf(this.log);
	}

	/**
	 * The present epoch.
	 * @return the epoch
	 */
	public long epoch() {
		return this.epoch;
	}

	private Map<String, List<Integer>> members(String group) {
		return this.groups.computeIfAbsent(group, (key) -> new LinkedHashMap<>());
	}

	JoinConsumerGroupResponse join(JoinConsumerGroupRequest request) {
		this.lock.lock();
		try {
			for (String stream : request.getStreamsList()) {
				if (this.cluster.partitions(stream) == 0) {
					throw refusal("stream does not exist");
				}
			}
			if (members(request.getGroupId()).containsKey(request.getConsumerId())) {
				throw refusal("consumer is already a member of the consumer group");
			}
			String stream = request.getStreams(0);
			List<Integer> all = new ArrayList<>();
			for (int i = 0; i < this.cluster.partitions(stream); i++) {
				all.add(i);
			}
			this.epoch = members(request.getGroupId()).isEmpty() ? 0 : this.epoch + 2;
			members(request.getGroupId()).put(request.getConsumerId(), all);
			this.streams.put(request.getConsumerId(), stream);
			this.log.add("join " + request.getConsumerId());
			return JoinConsumerGroupResponse.newBuilder()
				.setCoordinator(this.coordinator)
				.setEpoch(this.epoch)
				.setConsumerTimeout(this.timeout.toNanos())
				.setCoordinatorTimeout(this.timeout.toNanos())
				.build();
		}
		finally {
			this.lock.unlock();
		}
	}

	void leave(LeaveConsumerGroupRequest request) {
		this.log.add("leave " + request.getConsumerId());
		if (!consumers(request.getGroupId()).contains(request.getConsumerId())) {
			throw refusal("consumer is not a member of the consumer group");
		}
		expire(request.getGroupId(), request.getConsumerId());
	}

	FetchConsumerGroupAssignmentsResponse assignments(FetchConsumerGroupAssignmentsRequest request, String broker) {
		this.lock.lock();
		try {
			if (!this.groups.containsKey(request.getGroupId())) {
				throw Status.NOT_FOUND.withDescription("consumer group does not exist").asRuntimeException();
			}
			if (!this.coordinator.equals(broker)) {
				throw refusal("broker is not the consumer group coordinator");
			}
			if (request.getEpoch() != this.epoch) {
				throw refusal("client-provided group epoch differs from broker group epoch");
			}
			List<Integer> partitions = members(request.getGroupId()).get(request.getConsumerId());
			if (partitions == null) {
				throw refusal("consumer is not a member of the consumer group");
			}
			FetchConsumerGroupAssignmentsResponse.Builder response = FetchConsumerGroupAssignmentsResponse.newBuilder()
				.setEpoch(this.epoch);
			if (!partitions.isEmpty()) {
				response.addAssignments(PartitionAssignment.newBuilder()
					.setStream(this.streams.getOrDefault(request.getConsumerId(), "orders"))
					.addAllPartitions(partitions));
			}
			return response.build();
		}
		finally {
			this.lock.unlock();
		}
	}

	void report(ReportConsumerGroupCoordinatorRequest request) {
		if (!request.getCoordinator().equals(this.coordinator) || request.getEpoch() != this.epoch) {
			throw refusal("Coordinator generation mismatch, current coordinator: " + this.coordinator + " epoch: "
					+ this.epoch + ", got coordinator: " + request.getCoordinator() + " epoch: " + request.getEpoch());
		}
		this.log.add("report " + request.getCoordinator());
	}

	ConsumerGroupMetadata metadata(String group) {
		ConsumerGroupMetadata.Builder metadata = ConsumerGroupMetadata.newBuilder().setGroupId(group);
		return this.groups.containsKey(group) ? metadata.setCoordinator(this.coordinator).setEpoch(this.epoch).build()
				: metadata.setError(ConsumerGroupMetadata.Error.UNKNOWN_GROUP).build();
	}

	private static RuntimeException refusal(String text) {
		return Status.FAILED_PRECONDITION.withDescription(text).asRuntimeException();
	}

}
