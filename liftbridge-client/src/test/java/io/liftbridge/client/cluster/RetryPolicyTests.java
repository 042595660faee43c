package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.stream.IntStream;

import io.liftbridge.client.message.InvalidRequestException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RetryPolicyTests {

	@Test
	void pausesGrowUpToTheLongest() {
		RetryPolicy policy = new RetryPolicy(Duration.ofMillis(100), 3, Duration.ofSeconds(2), 0);
		assertThat(IntStream.rangeClosed(1, 5).mapToObj(policy::pause)).containsExactly(Duration.ofMillis(100),
				Duration.ofMillis(300), Duration.ofMillis(900), Duration.ofSeconds(2), Duration.ofSeconds(2));
		assertThat(policy.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(2));
		assertThat(policy.pause(0)).isEqualTo(Duration.ofMillis(100));
	}

	@Test
	void jitterIsTheRandomPart() {
		assertThat(IntStream.range(0, 200).mapToObj((i) -> RetryPolicy.DEFAULT.pause(1)))
			.allMatch((pause) -> pause.toMillis() >= 25 && pause.toMillis() <= 50)
			.hasSizeGreaterThan(10);
		assertThat(IntStream.range(0, 200).mapToObj((i) -> RetryPolicy.DEFAULT.pause(10)).distinct())
			.hasSizeGreaterThan(10);
		RetryPolicy all = new RetryPolicy(Duration.ofNanos(1), 1, Duration.ofNanos(1), 1);
		assertThat(all.pause(1)).isEqualTo(Duration.ofMillis(1));
	}

	@Test
	void refusesWhatCannotWork() {
		Duration second = Duration.ofSeconds(1);
		refuses(() -> new RetryPolicy(Duration.ZERO, 2, second, 0), "initial is 0 s");
		refuses(() -> new RetryPolicy(second.plusMillis(1), 2, second, 0), "initial is 1.001 s");
		refuses(() -> new RetryPolicy(second, 2, Duration.ofHours(2), 0), "max is 2 h");
		refuses(() -> new RetryPolicy(second, 0.5, second, 0), "multiplier is 0.5");
		refuses(() -> new RetryPolicy(second, Double.NaN, second, 0), "multiplier is NaN");
		refuses(() -> new RetryPolicy(second, 2, second, 1.1), "jitter is 1.1");
	}

	private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable creation, String why) {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(creation).withMessageContaining(why);
	}

}
