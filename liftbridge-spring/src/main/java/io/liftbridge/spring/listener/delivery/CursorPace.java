package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets the writers of many cursors take longer, so that all of them together write no
 * more than a thousand positions a second: each write is a message of its own for the
 * brokers, who have to replicate it. Safe for use by many threads.
 */
public final class CursorPace {

	/** A thousand writes a second. */
	private static final Duration PER_WRITER = Duration.ofMillis(1);

	private final AtomicInteger writers = new AtomicInteger();

	/**
	 * Creates it, with no writer.
	 */
	public CursorPace() {
	}

	void begun() {
		this.writers.incrementAndGet();
	}

	void ended() {
		this.writers.decrementAndGet();
	}

	/** How long to wait between two writes of one cursor. */
	Duration between(Duration interval) {
		if (interval.isZero()) {
			// Whoever says so wants each position to be stored as soon as it can be.
			return interval;
		}
		Duration least = PER_WRITER.multipliedBy(this.writers.get());
		return (least.compareTo(interval) > 0) ? least : interval;
	}

}
