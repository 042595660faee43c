package io.liftbridge.client.producer;

import java.time.Duration;

/**
 * Notices a broker that takes messages but answers none. Waits longer each time.
 */
final class Patience {

	private static final Duration USUAL = Duration.ofSeconds(3);

	/** For the first message of a pipe. */
	private static final Duration PROBE = Duration.ofSeconds(1);

	private long since;

	private int silences;

	/** Begins to wait. */
	void restart() {
		this.since = System.nanoTime();
	}

	/** Something was answered. */
	void reward() {
		this.silences = 0;
		restart();
	}

	boolean isExhausted(boolean probing) {
		Duration limit = (probing ? PROBE : USUAL).multipliedBy(1L << Math.min(this.silences, 3));
		return System.nanoTime() - this.since >= limit.toNanos();
	}

	/** Whether nothing was answered for a second. */
	boolean isStalled() {
		return System.nanoTime() - this.since >= PROBE.toNanos();
	}

	/** Gives another chance. */
	void extend() {
		this.silences++;
		restart();
	}

	/** Whether it was exhausted since the last answer. */
	boolean isTried() {
		return this.silences > 0;
	}

	long silentMillis() {
		return (System.nanoTime() - this.since) / 1_000_000;
	}

}
