package io.liftbridge.test;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * Looks again and again until something is as it should be.
 */
final class Polling {

	private static final long FIRST_PAUSE_NANOS = 5_000_000;

	private static final long LONGEST_PAUSE_NANOS = 200_000_000;

	private Polling() {
	}

	/**
	 * Waits.
	 * @param timeout how long at most; it looks once at least
	 * @param what what is waited for, for the message
	 * @param missing looks, and tells what is missing still, or {@code null} for nothing
	 * @throws AssertionError if something is missing in the end
	 */
	static void until(Duration timeout, String what, Supplier<@Nullable String> missing) {
		long deadline = System.nanoTime() + timeout.toNanos();
		long pause = FIRST_PAUSE_NANOS;
		String problem = missing.get();
		while (problem != null) {
			if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
				throw new AssertionError(what + ": not within " + timeout + ", " + problem);
			}
			LockSupport.parkNanos(pause);
			pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
			problem = missing.get();
		}
	}

}
