package io.liftbridge.spring.listener;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookPaceTests {

	private final LookPace pace = new LookPace();

	@Test
	void looksLessOftenWhileNothingHappens() {
		assertThat(IntStream.range(0, 30).filter((round) -> this.pace.isDue(7, 7, true)).toArray()).containsExactly(0,
				1, 3, 7, 13, 19, 25);
	}

	@Test
	void looksAtOnceWhenAMessageHasCome() {
		IntStream.range(0, 8).forEach((round) -> this.pace.isDue(7, 7, true));
		assertThat(this.pace.isDue(8, 8, true)).isTrue();
		assertThat(this.pace.isDue(8, 8, true)).isTrue();
		assertThat(this.pace.isDue(8, 8, true)).isFalse();
	}

	@Test
	void looksEachTimeWhileThereIsALag() {
		assertThat(IntStream.range(0, 10).allMatch((round) -> this.pace.isDue(3, 7, true))).isTrue();
	}

	@Test
	void looksEachTimeWhileNothingIsDelivered() {
		assertThat(IntStream.range(0, 10).allMatch((round) -> this.pace.isDue(7, 7, false))).isTrue();
	}

}
