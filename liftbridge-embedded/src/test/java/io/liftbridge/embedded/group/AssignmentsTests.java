package io.liftbridge.embedded.group;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The examples were observed on a real broker, one after the other.
 */
class AssignmentsTests {

	private final Assignments assignments = new Assignments((stream) -> Integer.parseInt(stream.substring(1)));

	@Test
	void dealsLikeARealBroker() {
		this.assignments.join("c", List.of("g5", "g3"));
		assertThat(of("c")).isEqualTo(Map.of("g5", List.of(0, 1, 2, 3, 4), "g3", List.of(0, 1, 2)));

		this.assignments.join("b", List.of("g5"));
		assertThat(of("b")).isEqualTo(Map.of("g5", List.of(0, 1, 2, 3)));
		assertThat(of("c")).isEqualTo(Map.of("g3", List.of(0, 1, 2), "g5", List.of(4)));

		this.assignments.join("a", List.of("g5", "g3", "g1"));
		assertThat(of("a")).isEqualTo(Map.of("g1", List.of(0), "g3", List.of(0, 2)));
		assertThat(of("b")).isEqualTo(Map.of("g5", List.of(0, 1, 3)));
		assertThat(of("c")).isEqualTo(Map.of("g3", List.of(1), "g5", List.of(2, 4)));

		this.assignments.join("d", List.of("g3"));
		assertThat(of("a")).isEqualTo(Map.of("g1", List.of(0), "g3", List.of(1)));
		assertThat(of("d")).isEqualTo(Map.of("g3", List.of(0, 2)));
		assertThat(of("b")).isEqualTo(Map.of("g5", List.of(0, 1, 3)));
		assertThat(of("c")).isEqualTo(Map.of("g5", List.of(2, 4)));

		this.assignments.leave("b");
		assertThat(of("a")).isEqualTo(Map.of("g1", List.of(0), "g3", List.of(1), "g5", List.of(2, 4)));
		assertThat(of("c")).isEqualTo(Map.of("g5", List.of(0, 1, 3)));
		assertThat(of("d")).isEqualTo(Map.of("g3", List.of(0, 2)));

		assertThat(this.assignments.streamDeleted("g3")).isTrue();
		assertThat(of("a")).isEqualTo(Map.of("g1", List.of(0), "g5", List.of(1, 3)));
		assertThat(of("c")).isEqualTo(Map.of("g5", List.of(0, 2, 4)));
		assertThat(of("d")).isEmpty();
	}

	private Map<String, List<Integer>> of(String consumer) {
		return this.assignments.of(consumer);
	}

	@Test
	void deletionOfAForeignStreamChangesNothing() {
		this.assignments.join("a", List.of("g2"));
		assertThat(this.assignments.streamDeleted("g9")).isFalse();
		assertThat(of("a")).isEqualTo(Map.of("g2", List.of(0, 1)));
	}

	@Test
	void aStrangerHasNoAssignments() {
		assertThat(of("x")).isNull();
		this.assignments.leave("x");
		assertThat(this.assignments.members()).isEmpty();
	}

}
