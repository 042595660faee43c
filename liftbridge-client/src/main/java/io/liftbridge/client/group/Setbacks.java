package io.liftbridge.client.group;

import java.time.Duration;

/**
 * Failures in a row at one position: the pauses between them grow.
 */
final class Setbacks {

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private int count;

	private long position = -1;

	/**
	 * Notes a failure.
	 * @param position offset of the last message that was processed
	 * @return how long to wait before the next attempt
	 */
	Duration pause(long position) {
		this.count = (position > this.position) ? 1 : this.count + 1;
		this.position = position;
		Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(this.count - 1, 5));
		return (pause.compareTo(LONGEST_PAUSE) < 0) ? pause : LONGEST_PAUSE;
	}

}
