package io.liftbridge.spring.listener.rebalance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import io.liftbridge.spring.listener.rebalance.Journal.Assignment;
import io.liftbridge.spring.listener.rebalance.Journal.Entry;
import io.liftbridge.spring.listener.rebalance.Member.Freeze;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a group promises, whatever its members do.
 */
final class RebalanceChecks {

	/** In which even a member that gets little of a busy machine has heard of a move. */
	private static final long HEARD_NANOS = 10_000_000_000L;

	private final List<Member> members;

	private int takenOver;

	RebalanceChecks(List<Member> members) {
		this.members = members;
	}

	/** How many partitions were taken over from members that hung. */
	int takenOver() {
		return this.takenOver;
	}

	void check(int partition) {
		List<Assignment> assignments = this.members.stream()
			.flatMap((member) -> member.journal().assignments(partition).stream())
			.toList();
		Map<Long, String> owners = new HashMap<>();
		for (Assignment assignment : assignments) {
			String what = assignment.member() + " in partition " + partition + ", assigned at "
					+ assignment.start().time();
			beginsBehindWhatIsStored(assignment, what);
			assertThat(assignment.start().offset()).as("stored position, %s", what)
				.isLessThanOrEqualTo(furthest(assignments, assignment.start().time()));
			for (Entry entry : assignment.begun()) {
				// Epoch 0 comes again whenever the last member has gone.
				if (entry.epoch() > 0) {
					String other = owners.putIfAbsent(entry.epoch(), assignment.member());
					assertThat(other).as("who works partition %s in epoch %s", partition, entry.epoch())
						.isIn(null, assignment.member());
				}
			}
			endsWhenAnotherHasTakenOver(assignment, assignments, what);
		}
		this.members.forEach((member) -> member.freezes()
			.forEach((freeze) -> doesNotGoOn(member.journal().assignments(partition), freeze, assignments)));
	}

	/** Nothing is left out, and only what was not stored is done again. */
	private static void beginsBehindWhatIsStored(Assignment assignment, String what) {
		long first = assignment.start().offset() + 1;
		assertThat(assignment.begun().stream().map(Entry::offset)).as(what)
			.containsExactlyElementsOf(LongStream.range(first, first + assignment.begun().size()).boxed().toList());
	}

	private static long furthest(List<Assignment> assignments, long time) {
		return assignments.stream()
			.flatMap((assignment) -> assignment.done().stream())
			.filter((entry) -> entry.time() < time)
			.mapToLong(Entry::offset)
			.max()
			.orElse(-1);
	}

	private static void endsWhenAnotherHasTakenOver(Assignment assignment, List<Assignment> assignments, String what) {
		for (Entry entry : assignment.begun()) {
			assertThat(assignments)
				.as("%s began offset %s long after somebody else had taken over", what, entry.offset())
				.noneMatch((other) -> !other.member().equals(assignment.member())
						&& worksLater(other, entry.epoch(), assignment.start().time(), entry.time() - HEARD_NANOS));
		}
	}

	/** Whether it began something in a later epoch and in this time. */
	private static boolean worksLater(Assignment other, long epoch, long from, long to) {
		return other.begun()
			.stream()
			.anyMatch((entry) -> entry.epoch() > epoch && entry.time() > from && entry.time() < to);
	}

	private static long begun(Assignment assignment, long time) {
		return assignment.begun().stream().filter((entry) -> entry.time() < time).count();
	}

	private static long done(Assignment assignment, long time) {
		return assignment.done().stream().filter((entry) -> entry.time() < time).count();
	}

	/**
	 * A member that has hung may finish what it was at, and begins nothing in its epoch.
	 */
	private void doesNotGoOn(List<Assignment> own, Freeze freeze, List<Assignment> assignments) {
		for (Assignment assignment : own) {
			if (assignment.start().time() > freeze.from()) {
				continue;
			}
			long epoch = assignment.begun()
				.stream()
				.filter((entry) -> entry.time() < freeze.from())
				.mapToLong(Entry::epoch)
				.max()
				.orElse(assignment.start().epoch());
			boolean lost = assignments.stream()
				.anyMatch((other) -> !other.member().equals(assignment.member())
						&& worksLater(other, epoch, freeze.from(), freeze.to()));
			if (lost) {
				this.takenOver++;
				long before = begun(assignment, freeze.from());
				boolean atHand = before > done(assignment, freeze.from());
				// What it was handed, but had not written down yet, is at hand, too.
				// In a later epoch the partition is its own again.
				long since = assignment.begun()
					.stream()
					.filter((entry) -> entry.time() >= freeze.from() && entry.epoch() <= epoch)
					.count();
				assertThat(since)
					.as("how many messages %s begins after it has hung, while partition %s is another's, of which %s"
							+ " was begun before", assignment.member(), assignment.start().partition(),
							atHand ? "one" : "none")
					.isLessThanOrEqualTo(atHand ? 0 : 1);
			}
		}
	}

}
