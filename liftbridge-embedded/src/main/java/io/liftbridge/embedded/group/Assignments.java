package io.liftbridge.embedded.group;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToIntFunction;

import io.liftbridge.embedded.group.GroupsState.GroupState;
import io.liftbridge.embedded.group.GroupsState.MemberState;
import org.jspecify.annotations.Nullable;

/**
 * Which member of a group reads which partitions. The result depends on the order in
 * which members came and went, but on nothing else. Not thread-safe.
 * <p>
 * Streams are dealt out one after the other: all partitions of the stream are taken back,
 * then each in turn goes to the subscriber of the stream that has the fewest partitions
 * of all streams together, in case of a tie to the one whose id comes first.
 */
final class Assignments {

	private static final Comparator<Member> FEWEST_FIRST = Comparator.comparingInt(Member::count)
		.thenComparing(Member::id);

	private final ToIntFunction<String> partitionCounts;

	private final Map<String, Member> members = new TreeMap<>();

	/** Streams that ever had a subscriber, even if it has gone. */
	private final Map<String, List<Member>> subscribers = new HashMap<>();

	/**
	 * Creates assignments without members.
	 * @param partitionCounts the number of partitions of a stream, 0 if it does not exist
	 */
	Assignments(ToIntFunction<String> partitionCounts) {
		this.partitionCounts = partitionCounts;
	}

	/**
	 * Brings back what was kept.
	 */
	void restore(GroupState state) {
		state.streams().forEach((stream) -> this.subscribers.put(stream, new ArrayList<>()));
		for (MemberState each : state.members()) {
			Member member = new Member(each.id(), new TreeSet<>(each.streams()));
			each.partitions().forEach((stream, ids) -> member.partitions.put(stream, new ArrayList<>(ids)));
			this.members.put(member.id, member);
			for (String stream : member.streams) {
				this.subscribers.computeIfAbsent(stream, (name) -> new ArrayList<>()).add(member);
			}
		}
	}

	/**
	 * What is to be known to bring the assignments back.
	 */
	GroupState state(String groupId, long epoch) {
		List<MemberState> all = new ArrayList<>();
		for (Member member : this.members.values()) {
			Map<String, List<Integer>> partitions = new TreeMap<>();
			member.partitions.forEach((stream, ids) -> partitions.put(stream, List.copyOf(ids)));
			all.add(new MemberState(member.id, List.copyOf(member.streams), partitions));
		}
		return new GroupState(groupId, epoch, List.copyOf(this.subscribers.keySet()), all);
	}

	void join(String consumerId, Collection<String> streams) {
		Member member = new Member(consumerId, new TreeSet<>(streams));
		this.members.put(consumerId, member);
		for (String stream : member.streams) {
			this.subscribers.computeIfAbsent(stream, (name) -> new ArrayList<>()).add(member);
			deal(stream);
		}
	}

	void leave(String consumerId) {
		Member member = this.members.remove(consumerId);
		if (member == null) {
			return;
		}
		for (String stream : member.streams) {
			List<Member> others = this.subscribers.get(stream);
			if (others != null) {
				others.remove(member);
				if (member.partitions.containsKey(stream)) {
					deal(stream);
				}
			}
		}
	}

	/**
	 * Takes a stream out.
	 * @return whether anybody was ever subscribed to it
	 */
	boolean streamDeleted(String stream) {
		List<Member> affected = this.subscribers.remove(stream);
		if (affected == null) {
			return false;
		}
		TreeSet<String> others = new TreeSet<>();
		for (Member member : affected) {
			member.streams.remove(stream);
			member.partitions.remove(stream);
			others.addAll(member.streams);
		}
		others.forEach(this::deal);
		return true;
	}

	private void deal(String stream) {
		List<Member> candidates = this.subscribers.get(stream);
		if (candidates == null || candidates.isEmpty()) {
			return;
		}
		candidates.forEach((member) -> member.partitions.remove(stream));
		int count = this.partitionCounts.applyAsInt(stream);
		for (int partition = 0; partition < count; partition++) {
			Member least = candidates.stream().min(FEWEST_FIRST).orElseThrow();
			least.partitions.computeIfAbsent(stream, (name) -> new ArrayList<>()).add(partition);
		}
	}

	boolean isMember(String consumerId) {
		return this.members.containsKey(consumerId);
	}

	Collection<String> members() {
		return List.copyOf(this.members.keySet());
	}

	/**
	 * The partitions of a member, by stream.
	 * @return the partitions, {@code null} if it is no member
	 */
	@Nullable Map<String, List<Integer>> of(String consumerId) {
		Member member = this.members.get(consumerId);
		return (member != null) ? member.partitions : null;
	}

	private static final class Member {

		private final String id;

		private final TreeSet<String> streams;

		private final Map<String, List<Integer>> partitions = new TreeMap<>();

		Member(String id, TreeSet<String> streams) {
			this.id = id;
			this.streams = streams;
		}

		String id() {
			return this.id;
		}

		int count() {
			return this.partitions.values().stream().mapToInt(List::size).sum();
		}

	}

}
