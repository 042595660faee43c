package io.liftbridge.spring.listener;

import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookPaceTests {

	private final LookPace pace = new LookPace();

	@Test
	void looksLessOftenWhileNothingHappens() {
		assertThat(IntStream.range(0, 30).filter((round) -> this.pace.isDue(7, 7)).toArray()).containsExactly(0, 1, 3,
				7, 13, 19, 25);
	}

	@Test
	void looksAtOnceWhenAMessageHasCome() {
		IntStream.range(0, 8).forEach((round) -> this.pace.isDue(7, 7));
		assertThat(this.pace.isDue(8, 8)).isTrue();
		assertThat(this.pace.isDue(8, 8)).isTrue();
		assertThat(this.pace.isDue(8, 8)).isFalse();
	}

	@Test
	void looksEachTimeWhileThereIsALag() {
		assertThat(IntStream.range(0, 10).allMatch((round) -> this.pace.isDue(3, 7))).isTrue();
	}

	@Test
	void looksAtOnceAfterWhatIsNotKnownToBeQuiet() {
		IntStream.range(0, 8).forEach((round) -> this.pace.isDue(7, 7));
		this.pace.reset();
		assertThat(this.pace.isDue(7, 7)).isTrue();
		assertThat(this.pace.isDue(7, 7)).isTrue();
		assertThat(this.pace.isDue(7, 7)).isFalse();
	}

}
