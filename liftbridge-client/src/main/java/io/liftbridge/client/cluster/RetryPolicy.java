package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * Growing pauses between attempts, with jitter so that many clients do not come back at
 * the same moment. How long attempts go on is a matter of the timeouts. Immutable.
 * <p>
 * Repeated by themselves, after a lost connection or an answer that does not come: all
 * calls that read (metadata, partitions, cursors), and those that done twice are as if
 * done once (creating, deleting and pausing streams, the read-only flag, storing a
 * cursor). Never repeated after they may have arrived: publishing to a subject, and
 * publishing with an expected offset. Messages of a producer are sent again, which may
 * store them twice. An answer such as "not leader" refuses a call before it does
 * anything, and is always followed by another attempt.
 *
 * @param initial the first pause, positive
 * @param multiplier what each further pause is longer by, 1 to 100
 * @param max the longest pause, up to 1 hour
 * @param jitter which part of a pause is random, from 0 (none) to 1 (all of it)
 */
public record RetryPolicy(Duration initial, double multiplier, Duration max, double jitter) {

	private static final Duration LONGEST = Duration.ofHours(1);

	/** 50 ms, doubled up to 2 s, of which half is random. */
	public static final RetryPolicy DEFAULT = new RetryPolicy(Duration.ofMillis(50), 2, Duration.ofSeconds(2), 0.5);

	/**
	 * Creates a policy.
	 * @param initial the first pause
	 * @param multiplier what each further pause is longer by
	 * @param max the longest pause
	 * @param jitter which part of a pause is random
	 * @throws InvalidRequestException if one of them is out of bounds; the message says
	 * which
	 */
	public RetryPolicy {
		Bounds.positive("Retry option max", max, LONGEST);
		Bounds.positive("Retry option initial", initial, max);
		if (!(multiplier >= 1 && multiplier <= 100)) {
			throw new InvalidRequestException(
					"Retry option multiplier is " + multiplier + "; it must be between 1 and 100.", null);
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new InvalidRequestException("Retry option jitter is " + jitter + "; it must be between 0 and 1.",
					null);
		}
	}

	/**
	 * Computes a pause.
	 * @param attempt how many attempts have failed, counted from 1
	 * @return the pause, at least 1 ms
	 */
	public Duration pause(int attempt) {
		double step = Math.min(this.max.toNanos(),
				this.initial.toNanos() * Math.pow(this.multiplier, Math.max(0, attempt - 1)));
		double random = step * this.jitter * ThreadLocalRandom.current().nextDouble();
		return Duration.ofNanos(Math.max(1_000_000, (long) (step - random)));
	}

}
