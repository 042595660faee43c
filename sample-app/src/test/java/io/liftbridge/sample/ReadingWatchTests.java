package io.liftbridge.sample;

import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadingWatchTests {

	private final ReadingWatch watch = new ReadingWatch(new SampleProperties(Map.of("cpu", 100.0)));

	@Test
	void limitItselfIsAllowed() {
		assertThat(this.watch.watch(reading(100))).isEmpty();
	}

	@Test
	void alertsOnceUntilBelowHalfOfTheLimit() {
		assertThat(this.watch.watch(reading(101))).contains(new Alert("cpu", 101, 100, "%"));
		assertThat(this.watch.watch(reading(120))).isEmpty();
		assertThat(this.watch.watch(reading(50))).isEmpty();
		assertThat(this.watch.watch(reading(101))).isEmpty();
		assertThat(this.watch.watch(reading(49))).isEmpty();
		assertThat(this.watch.watch(reading(101))).isPresent();
	}

	@Test
	void metricWithoutLimitIsNotJudged() {
		assertThat(this.watch.watch(new Reading("other", 1e9, null))).isEmpty();
	}

	private static Reading reading(double value) {
		return new Reading("cpu", value, "%");
	}

}
