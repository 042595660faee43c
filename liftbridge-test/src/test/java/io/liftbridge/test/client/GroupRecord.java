package io.liftbridge.test.client;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.group.ConsumerUpdateListener;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.group.GroupMember;
import io.liftbridge.client.group.GroupPartition;

/**
 * What the members of a group did, and where that was not what a group promises.
 */
final class GroupRecord {

	/** Who processed messages of a partition in an epoch. */
	private final Map<Turn, String> owners = new ConcurrentHashMap<>();

	private final Set<GroupPartition> moved = ConcurrentHashMap.newKeySet();

	private final List<String> violations = new CopyOnWriteArrayList<>();

	private final List<String> actions = new CopyOnWriteArrayList<>();

	void act(String action) {
		this.actions.add(action);
	}

	List<String> actions() {
		return this.actions;
	}

	List<String> violations() {
		return this.violations;
	}

	/** Whether a partition was taken up since the group had settled. */
	boolean hasMoved(GroupPartition partition) {
		return this.moved.contains(partition);
	}

	void settled() {
		this.moved.clear();
	}

	Member member() {
		return new Member();
	}

	private record Turn(GroupPartition partition, long epoch) {
	}

	/** What one member did. */
	final class Member implements ConsumerUpdateListener {

		private final CompletableFuture<GroupConsumer> consumer = new CompletableFuture<>();

		/** The last offsets of the present assignments. */
		private final Map<GroupPartition, Long> last = new ConcurrentHashMap<>();

		void consumer(GroupConsumer started) {
			this.consumer.complete(started);
		}

		void processes(GroupPartition partition, long offset) {
			GroupMember now = this.consumer.join().member();
			Long before = this.last.put(partition, offset);
			if (before != null && before + 1 != offset) {
				GroupRecord.this.violations.add(now + " processed " + partition + " offset " + offset + " after "
						+ before + " in one assignment");
			}
			// One message may be under way while a partition is taken away. Epoch 0 comes
			// again whenever the last member has gone.
			if (now.epoch() != 0 && now.partitions().contains(partition)) {
				String other = GroupRecord.this.owners.putIfAbsent(new Turn(partition, now.epoch()), now.consumerId());
				if (other != null && !other.equals(now.consumerId())) {
					GroupRecord.this.violations
						.add(now + " and " + other + " processed " + partition + " in epoch " + now.epoch());
				}
			}
		}

		@Override
		public StartPosition onActive(GroupMember member, GroupPartition partition, OptionalLong stored) {
			// What the cursor says, or the beginning: only what was not stored comes
			// again.
			this.last.put(partition, stored.orElse(-1));
			GroupRecord.this.moved.add(partition);
			return null;
		}

	}

}
