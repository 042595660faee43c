package io.liftbridge.sample;

import java.time.Instant;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ReadingWatchTests {

	private static final Instant NOW = Instant.parse("2026-11-21T03:12:08Z");

	private final ReadingWatch watch = new ReadingWatch(new SampleProperties(Map.of("cpu", 100.0)));

	@Test
	void limitItselfIsAllowed() {
		assertThat(this.watch.watch(reading(100), NOW)).isEmpty();
	}

	@Test
	void alertsOnceUntilBelowHalfOfTheLimit() {
		assertThat(this.watch.watch(reading(101), NOW)).contains(new Alert("cpu", 101, 100, "%"));
		assertThat(this.watch.watch(reading(120), NOW)).isEmpty();
		assertThat(this.watch.watch(reading(50), NOW)).isEmpty();
		assertThat(this.watch.watch(reading(101), NOW)).isEmpty();
		assertThat(this.watch.watch(reading(49), NOW)).isEmpty();
		assertThat(this.watch.watch(reading(101), NOW)).isPresent();
	}

	@Test
	void metricWithoutLimitIsNotJudged() {
		assertThat(this.watch.watch(new Reading("other", 1e9, null), NOW)).isEmpty();
	}

	@Test
	void alertsAgainIfTheLimitWasKeptForAWhile() {
		assertThat(this.watch.watch(reading(101), NOW)).isPresent();
		assertThat(this.watch.watch(reading(101), NOW.plusSeconds(4))).isEmpty();
		assertThat(this.watch.watch(reading(90), NOW.plusSeconds(6))).isEmpty();
		assertThat(this.watch.watch(reading(101), NOW.plusSeconds(10))).isPresent();
	}

	private static Reading reading(double value) {
		return new Reading("cpu", value, "%");
	}

}
