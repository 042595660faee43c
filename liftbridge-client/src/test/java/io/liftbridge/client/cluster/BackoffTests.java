package io.liftbridge.client.cluster;

import java.time.Duration;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class BackoffTests {

	@RepeatedTest(50)
	void growsWithJitterUpToTheLongestPause() {
		Backoff backoff = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));
		long[] steps = { 50, 100, 200, 400, 800, 1600, 2000, 2000 };
		for (int attempt = 1; attempt <= steps.length; attempt++) {
			assertThat(backoff.millis(attempt)).isBetween(steps[attempt - 1] / 2, steps[attempt - 1]);
		}
	}

	@Test
	void doesNotOverflow() {
		for (int attempt : new int[] { 20, 32, 33, 64, 65, 1000, Integer.MAX_VALUE }) {
			assertThat(Backoff.DEFAULT.millis(attempt)).isBetween(1000L, 2000L);
		}
	}

	@Test
	void differsBetweenClients() {
		assertThat(java.util.stream.IntStream.range(0, 200).mapToObj((i) -> Backoff.DEFAULT.millis(10)).distinct())
			.hasSizeGreaterThan(10);
	}

}
