package io.liftbridge.embedded.stream;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Sees to it that of each consumer group at most one member reads a partition. Goes by
 * group epochs only; nobody is asked whether the group exists. Thread-safe.
 */
public final class GroupSubscribers {

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, Member> present = new HashMap<>();

	/**
	 * Lets a member of a group in, in the place of the present one.
	 * @param <C> what the check finds out
	 * @param <S> what opening results in
	 * @param member the new subscriber
	 * @param check may refuse, in which case the present subscriber stays
	 * @param open opens the subscription
	 * @return what {@code open} returned
	 * @throws RefusedException if the present subscriber has a higher epoch
	 */
	public <C, S> S admit(Member member, Supplier<C> check, Function<C, S> open) {
		this.lock.lock();
		try {
			Member current = this.present.get(member.groupId());
			if (current != null && Long.compareUnsigned(current.epoch(), member.epoch()) > 0) {
				throw RefusedException.failedPrecondition("Consumer is not currently assigned this partition");
			}
			C checked = check.get();
			if (current != null) {
				current.displaced().run();
			}
			S opened = open.apply(checked);
			this.present.put(member.groupId(), member);
			return opened;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forgets a subscriber that has gone. Goes by the consumer's id, as a real broker
	 * does: a consumer that subscribes again is forgotten too when its former
	 * subscription ends.
	 * @param member the one that has gone
	 */
	public void leave(Member member) {
		this.lock.lock();
		try {
			this.present.computeIfPresent(member.groupId(),
					(group, current) -> current.consumerId().equals(member.consumerId()) ? null : current);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A subscriber that belongs to a group.
	 *
	 * @param groupId the group
	 * @param consumerId the consumer
	 * @param epoch the group's epoch as the consumer knows it, unsigned
	 * @param displaced called when another one takes over; must return at once
	 */
	public record Member(String groupId, String consumerId, long epoch, Runnable displaced) {

	}

}
