package io.liftbridge.client.cluster;

import java.util.List;

import io.liftbridge.proto.Broker;
import org.jspecify.annotations.Nullable;

/**
 * Which broker has to answer a call. For use inside the client.
 */
public abstract sealed class Target
		permits Target.Any, Target.Other, Target.Leader, Target.Replica, Target.CursorLeader, Target.Member {

	/**
	 * Any broker.
	 * @return the target
	 */
	public static Target any() {
		return Any.INSTANCE;
	}

	/**
	 * Any broker but one, which does not answer; that one if there is no other.
	 * @param id its id
	 * @return the target
	 */
	public static Target other(String id) {
		return new Other(id);
	}

	/**
	 * The leader of a partition.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return the target
	 */
	public static Target leader(String stream, int partition) {
		return new Leader(stream, partition);
	}

	/**
	 * Any in-sync replica of a partition.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return the target
	 */
	public static Target replica(String stream, int partition) {
		return new Replica(stream, partition);
	}

	/**
	 * The leader that keeps a cursor.
	 * @param hash hash of the cursor's name, unsigned
	 * @return the target
	 */
	public static Target cursorLeader(long hash) {
		return new CursorLeader(hash);
	}

	/**
	 * One particular broker.
	 * @param id its id
	 * @return the target
	 */
	public static Target broker(String id) {
		return new Member(id);
	}

	/**
	 * Lists the brokers that can answer.
	 * @param metadata what is known
	 * @return their ids, empty for any, or {@code null} if nobody can at the moment
	 */
	abstract @Nullable List<String> brokers(ClusterMetadata metadata);

	static final class Any extends Target {

		private static final Any INSTANCE = new Any();

		@Override
		List<String> brokers(ClusterMetadata metadata) {
			return List.of();
		}

		@Override
		public String toString() {
			return "any broker";
		}

	}

	static final class Other extends Target {

		private final String id;

		Other(String id) {
			this.id = id;
		}

		@Override
		List<String> brokers(ClusterMetadata metadata) {
			return metadata.brokers().stream().map(Broker::getId).filter((broker) -> !broker.equals(this.id)).toList();
		}

		@Override
		public String toString() {
			return "any broker but " + this.id;
		}

	}

	static final class Leader extends Target {

		private final String stream;

		private final int partition;

		Leader(String stream, int partition) {
			this.stream = stream;
			this.partition = partition;
		}

		@Override
		@Nullable List<String> brokers(ClusterMetadata metadata) {
			String leader = metadata.leader(this.stream, this.partition);
			return (leader != null) ? List.of(leader) : null;
		}

		@Override
		public String toString() {
			return "the leader of stream '" + this.stream + "' partition " + this.partition;
		}

	}

	static final class Replica extends Target {

		private final String stream;

		private final int partition;

		Replica(String stream, int partition) {
			this.stream = stream;
			this.partition = partition;
		}

		@Override
		@Nullable List<String> brokers(ClusterMetadata metadata) {
			List<String> isr = metadata.isr(this.stream, this.partition);
			return isr.isEmpty() ? null : isr;
		}

		@Override
		public String toString() {
			return "an in-sync replica of stream '" + this.stream + "' partition " + this.partition;
		}

	}

	static final class CursorLeader extends Target {

		private final long hash;

		CursorLeader(long hash) {
			this.hash = hash;
		}

		@Override
		@Nullable List<String> brokers(ClusterMetadata metadata) {
			int partitions = metadata.partitions(ClusterMetadata.CURSORS_STREAM);
			if (partitions == 0) {
				// The server says best what is missing.
				return List.of();
			}
			String leader = metadata.leader(ClusterMetadata.CURSORS_STREAM, (int) (this.hash % partitions));
			return (leader != null) ? List.of(leader) : null;
		}

		@Override
		public String toString() {
			return "the leader of the cursor's partition";
		}

	}

	static final class Member extends Target {

		private final String id;

		Member(String id) {
			this.id = id;
		}

		@Override
		@Nullable List<String> brokers(ClusterMetadata metadata) {
			return metadata.hasBroker(this.id) ? List.of(this.id) : null;
		}

		@Override
		public String toString() {
			return "broker '" + this.id + "'";
		}

	}

}
