package io.liftbridge.embedded.group;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;

import io.liftbridge.embedded.group.GroupsState.GroupState;

/**
 * A group of consumers that share streams. Guarded by the lock of {@link ConsumerGroups}.
 */
final class ConsumerGroup {

	private final String id;

	private final Assignments assignments;

	private final Map<String, Expiry> expiries = new HashMap<>();

	private final Set<String> reporters = new HashSet<>();

	private long reportsExpireAt;

	private boolean reportedByMajority;

	private long epoch;

	ConsumerGroup(String id, ToIntFunction<String> partitionCounts) {
		this.id = id;
		this.assignments = new Assignments(partitionCounts);
	}

	ConsumerGroup(GroupState state, ToIntFunction<String> partitionCounts) {
		this(state.id(), partitionCounts);
		this.epoch = state.epoch();
		this.assignments.restore(state);
	}

	GroupState state() {
		return this.assignments.state(this.id, this.epoch);
	}

	String id() {
		return this.id;
	}

	Assignments assignments() {
		return this.assignments;
	}

	/**
	 * Grows with each change of the group, but not by one.
	 */
	long epoch() {
		return this.epoch;
	}

	void changedAt(long metadataIndex) {
		this.epoch = metadataIndex;
	}

	void expires(String consumerId, long dueAt, Future<?> task) {
		neverExpires(consumerId);
		this.expiries.put(consumerId, new Expiry(dueAt, task));
	}

	void neverExpires(String consumerId) {
		Expiry expiry = this.expiries.remove(consumerId);
		if (expiry != null) {
			expiry.task().cancel(false);
		}
	}

	/**
	 * Whether a consumer was silent for too long. It may have been heard of while its
	 * expiry waited for the lock.
	 */
	boolean hasExpired(String consumerId, long now) {
		Expiry expiry = this.expiries.get(consumerId);
		return expiry != null && now - expiry.dueAt() >= 0;
	}

	/**
	 * Counts a report that the coordinator is out of reach. Reports are forgotten when
	 * none came for a while, unless they were many enough already.
	 * @return whether more than half of the members have reported it
	 */
	boolean reportedBy(String consumerId, long now, long timeoutNanos) {
		if (!this.reportedByMajority && now - this.reportsExpireAt >= 0) {
			this.reporters.clear();
		}
		this.reporters.add(consumerId);
		this.reportedByMajority = this.reporters.size() > this.assignments.members().size() / 2;
		this.reportsExpireAt = now + timeoutNanos;
		return this.reportedByMajority;
	}

	private record Expiry(long dueAt, Future<?> task) {

	}

}
