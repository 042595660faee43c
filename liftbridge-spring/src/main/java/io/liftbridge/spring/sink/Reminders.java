package io.liftbridge.spring.sink;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says when it is time to say again in the log that something is still wrong: for all
 * partitions of a sink together, as they often have the same trouble. Safe for use by
 * many threads.
 */
final class Reminders {

	private final long intervalNanos;

	private final AtomicLong saidNanos = new AtomicLong(System.nanoTime());

	Reminders(Duration interval) {
		this.intervalNanos = interval.toNanos();
	}

	/** It was said just now. */
	void begin() {
		this.saidNanos.set(System.nanoTime());
	}

	/** Whether to say it again; whoever asks first does. */
	boolean isDue() {
		long now = System.nanoTime();
		long said = this.saidNanos.get();
		return now - said >= this.intervalNanos && this.saidNanos.compareAndSet(said, now);
	}

}
