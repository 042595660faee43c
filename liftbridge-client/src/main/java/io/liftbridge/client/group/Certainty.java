package io.liftbridge.client.group;

import java.time.Duration;

/**
 * Since when it is known that a partition is the member's. It lasts for as long as the
 * group waits for its members. {@link #renew} and {@link #lasts} are safe for use by many
 * threads, the rest is the member's.
 */
final class Certainty {

	private volatile long since = System.nanoTime();

	private long doubted;

	private boolean answered;

	/** It is known now. */
	void renew() {
		this.since = System.nanoTime();
	}

	boolean lasts(Duration timeout) {
		return System.nanoTime() - this.since <= timeout.toNanos();
	}

	/**
	 * It was known at a time, unless it was doubtful before: nobody tells what was then.
	 * @return whether it was not
	 */
	boolean extend(long time, Duration timeout) {
		boolean certain = lasts(timeout);
		if (certain && time - this.since > 0) {
			this.since = time;
		}
		return certain;
	}

	/** It is in doubt until an answer comes to what is asked from now on. */
	void doubt() {
		this.doubted = System.nanoTime();
		this.answered = false;
	}

	/**
	 * The coordinator has answered that the partition is the member's.
	 * @param asked when it was asked
	 * @return whether it was since the doubt began
	 */
	boolean answer(long asked) {
		this.answered = this.answered || asked - this.doubted > 0;
		return this.answered;
	}

	boolean isAnswered() {
		return this.answered;
	}

}
