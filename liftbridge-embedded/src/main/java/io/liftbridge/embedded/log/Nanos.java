package io.liftbridge.embedded.log;

import java.time.Duration;
import java.time.Instant;

/**
 * Time in nanoseconds, as Liftbridge counts it.
 */
public final class Nanos {

	private Nanos() {
	}

	/**
	 * The present time.
	 * @return Unix time in nanoseconds
	 */
	public static long now() {
		Instant now = Instant.now();
		return now.getEpochSecond() * 1_000_000_000L + now.getNano();
	}

	/**
	 * A duration in nanoseconds.
	 * @param duration any duration
	 * @return its nanoseconds, or the largest or smallest number if there are too many
	 */
	public static long of(Duration duration) {
		try {
			return duration.toNanos();
		}
		catch (ArithmeticException ex) {
			return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
		}
	}

}
