package io.liftbridge.test.conformance;

import java.util.List;
import java.util.Map;

import io.liftbridge.proto.CreateStreamRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who gets which partitions of which streams.
 */
abstract class GroupAssignmentScenarios extends GroupScenarios {

	private final String group = uniqueName("group");

	@Test
	void onlyMemberGetsEverything() {
		String five = stream("g5", 5);
		String three = stream("g3", 3);
		join(this.group, "c", five, three);
		assertThat(assignments(this.group, "c"))
			.isEqualTo(Map.of(three, List.of(0, 1, 2), five, List.of(0, 1, 2, 3, 4)));
	}

	@Test
	void partitionsGoToTheMemberWithTheFewestAndThenTheSmallestId() {
		String stream = stream("g5", 5);
		join(this.group, "b", stream);
		join(this.group, "a", stream);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(stream, List.of(0, 2, 4)));
		assertThat(assignments(this.group, "b")).isEqualTo(Map.of(stream, List.of(1, 3)));
	}

	@Test
	void idsAreComparedAsStrings() {
		String stream = stream("g3", 3);
		join(this.group, "9", stream);
		join(this.group, "10", stream);
		assertThat(assignments(this.group, "10")).isEqualTo(Map.of(stream, List.of(0, 2)));
		assertThat(assignments(this.group, "9")).isEqualTo(Map.of(stream, List.of(1)));
	}

	@Test
	void loadIsBalancedOverAllStreams() {
		String one = stream("g1", 1);
		String three = stream("g3", 3);
		String five = stream("g5", 5);
		join(this.group, "c", five, three);
		join(this.group, "b", five);
		assertThat(assignments(this.group, "b")).isEqualTo(Map.of(five, List.of(0, 1, 2, 3)));
		assertThat(assignments(this.group, "c")).isEqualTo(Map.of(three, List.of(0, 1, 2), five, List.of(4)));
		join(this.group, "a", five, three, one);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(one, List.of(0), three, List.of(0, 2)));
		assertThat(assignments(this.group, "b")).isEqualTo(Map.of(five, List.of(0, 1, 3)));
		assertThat(assignments(this.group, "c")).isEqualTo(Map.of(three, List.of(1), five, List.of(2, 4)));
		join(this.group, "d", three);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(one, List.of(0), three, List.of(1)));
		assertThat(assignments(this.group, "d")).isEqualTo(Map.of(three, List.of(0, 2)));
		leave(this.group, "b");
		assertThat(assignments(this.group, "a"))
			.isEqualTo(Map.of(one, List.of(0), three, List.of(1), five, List.of(2, 4)));
		assertThat(assignments(this.group, "c")).isEqualTo(Map.of(five, List.of(0, 1, 3)));
		assertThat(assignments(this.group, "d")).isEqualTo(Map.of(three, List.of(0, 2)));
		delete(three);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(one, List.of(0), five, List.of(1, 3)));
		assertThat(assignments(this.group, "c")).isEqualTo(Map.of(five, List.of(0, 2, 4)));
		assertThat(assignments(this.group, "d")).isEmpty();
	}

	@Test
	void leaversPartitionsGoToTheOthers() {
		String stream = stream("g4", 4);
		join(this.group, "a", stream);
		join(this.group, "b", stream);
		leave(this.group, "a");
		assertThat(assignments(this.group, "b")).isEqualTo(Map.of(stream, List.of(0, 1, 2, 3)));
	}

	@Test
	void membersOfOtherStreamsAreLeftAlone() {
		String first = stream("g2", 2);
		String second = stream("g2", 2);
		join(this.group, "a", first);
		join(this.group, "b", second);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(first, List.of(0, 1)));
		assertThat(assignments(this.group, "b")).isEqualTo(Map.of(second, List.of(0, 1)));
	}

	@Test
	void deletionOfSubscribedStreamRaisesTheEpoch() {
		String first = stream("g2", 2);
		String second = stream("g2", 2);
		long epoch = join(this.group, "a", first, second).getEpoch();
		delete(stream("g1", 1));
		assertThat(epoch(this.group)).isEqualTo(epoch);
		delete(first);
		assertThat(epoch(this.group)).isGreaterThan(epoch);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(second, List.of(0, 1)));
	}

	@Test
	void recreatedStreamIsNotAssigned() {
		String stream = stream("g2", 2);
		join(this.group, "a", stream);
		delete(stream);
		api()
			.createStream(CreateStreamRequest.newBuilder().setName(stream).setSubject(stream).setPartitions(2).build());
		assertThat(assignments(this.group, "a")).isEmpty();
	}

	@Test
	void groupsDoNotDisturbEachOther() {
		String stream = stream("g2", 2);
		String other = uniqueName("group");
		join(this.group, "a", stream);
		join(other, "a", stream);
		assertThat(assignments(this.group, "a")).isEqualTo(Map.of(stream, List.of(0, 1)));
		assertThat(assignments(other, "a")).isEqualTo(Map.of(stream, List.of(0, 1)));
	}

	/**
	 * Creates a stream whose name sorts by its prefix.
	 */
	private String stream(String prefix, int partitions) {
		String name = uniqueName(prefix);
		api().createStream(
				CreateStreamRequest.newBuilder().setName(name).setSubject(name).setPartitions(partitions).build());
		return name;
	}

}
