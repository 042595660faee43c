package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Decides which stack traces are logged with the line that gives a message up. Those of
 * what does not fit its type are not, as they quote messages, nor are more than a few a
 * minute. Safe for use by many threads.
 */
final class FailureTraces {

	private static final int MOST = 10;

	private static final long PERIOD_NANOS = TimeUnit.MINUTES.toNanos(1);

	private final ReentrantLock lock = new ReentrantLock();

	private long periodNanos;

	private int logged;

	/**
	 * Takes the trace of a failure for a line of the log.
	 * @param failure what was given up
	 * @return the failure, {@code null} if the line is to go alone
	 */
	@Nullable Throwable of(Throwable failure) {
		return (FailureText.traceOf(failure) != null && take(System.nanoTime())) ? failure : null;
	}

	boolean take(long nowNanos) {
		this.lock.lock();
		try {
			if (this.logged == 0 || nowNanos - this.periodNanos >= PERIOD_NANOS) {
				this.periodNanos = nowNanos;
				this.logged = 0;
			}
			if (this.logged == MOST) {
				return false;
			}
			this.logged++;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

}
