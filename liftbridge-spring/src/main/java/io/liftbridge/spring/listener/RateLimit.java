package io.liftbridge.spring.listener;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts messages against a rate. What goes beyond it is a debt of time. Safe for use by
 * many threads.
 */
final class RateLimit {

	private static final int BURSTS_PER_SECOND = 10;

	private final double nanosPerMessage;

	private final ReentrantLock lock = new ReentrantLock();

	private long paidUntil = System.nanoTime();

	RateLimit(double messagesPerSecond) {
		this.nanosPerMessage = TimeUnit.SECONDS.toNanos(1) / messagesPerSecond;
	}

	/** How many messages to fetch at a time, so that a second has several bursts. */
	int burst() {
		double perSecond = TimeUnit.SECONDS.toNanos(1) / this.nanosPerMessage;
		return (int) Math.max(1, Math.min(Integer.MAX_VALUE, perSecond / BURSTS_PER_SECOND));
	}

	/**
	 * Counts messages.
	 * @return how many nanoseconds to wait before the next ones
	 */
	long take(int messages) {
		this.lock.lock();
		try {
			long now = System.nanoTime();
			if (this.paidUntil - now < 0) {
				// What was not used before is lost: no burst after a quiet time.
				this.paidUntil = now;
			}
			this.paidUntil += (long) (messages * this.nanosPerMessage);
			return this.paidUntil - now;
		}
		finally {
			this.lock.unlock();
		}
	}

}
