package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Growing pauses between attempts, with jitter so that many clients do not come back at
 * the same moment. Immutable.
 *
 * @param first the first pause
 * @param max the longest pause
 */
public record Backoff(Duration first, Duration max) {

	/** 50 ms, doubled up to 2 s. */
	public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(50), Duration.ofSeconds(2));

	/**
	 * Computes a pause.
	 * @param attempt how many attempts have failed, counted from 1
	 * @return the pause in milliseconds, between half of and the full step
	 */
	public long millis(int attempt) {
		long step = Math.min(this.max.toMillis(), this.first.toMillis() << Math.min(attempt - 1, 20));
		return step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1);
	}

}
