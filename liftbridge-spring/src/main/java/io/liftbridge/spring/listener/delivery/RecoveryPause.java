package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * Pauses between attempts to do what has to succeed in the end: 250 ms, then twice as
 * long each time, up to a limit. Not safe for use by several threads.
 */
public final class RecoveryPause {

	private static final Duration FIRST = Duration.ofMillis(250);

	private final Duration longest;

	private Duration next = FIRST;

	/**
	 * Creates it.
	 * @param longest the limit
	 */
	public RecoveryPause(Duration longest) {
		this.longest = longest;
	}

	/**
	 * Takes the next pause.
	 * @return how long to wait
	 */
	public Duration next() {
		Duration pause = (this.next.compareTo(this.longest) < 0) ? this.next : this.longest;
		this.next = pause.multipliedBy(2);
		return pause;
	}

	/**
	 * Begins with the first pause again.
	 */
	public void reset() {
		this.next = FIRST;
	}

}
