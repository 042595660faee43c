package io.liftbridge.spring.listener;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Holds partitions back so that a listener receives no more messages per second than it
 * is to. No thread waits.
 */
final class Throttle {

	private final RateLimit limit;

	private final ScheduledExecutorService timer;

	private final Set<PartitionReader> held = ConcurrentHashMap.newKeySet();

	Throttle(double messagesPerSecond, ScheduledExecutorService timer) {
		this.limit = new RateLimit(messagesPerSecond);
		this.timer = timer;
	}

	int burst() {
		return this.limit.burst();
	}

	boolean isHeld(PartitionReader reader) {
		return this.held.contains(reader);
	}

	/** A partition has delivered messages. */
	void delivered(PartitionReader reader, int messages) {
		long wait = this.limit.take(messages);
		if (!this.held.add(reader)) {
			// It was too late to hold it back; the debt is paid with the next ones.
			return;
		}
		reader.applyPause();
		try {
			this.timer.schedule(() -> {
				this.held.remove(reader);
				reader.applyPause();
			}, wait, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application ends.
			this.held.remove(reader);
		}
	}

}
