package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * Durations that can be reckoned with. For use inside the client.
 */
public final class Bounds {

	/** As good as for ever, for a timeout. */
	public static final Duration YEAR = Duration.ofDays(365);

	private Bounds() {
	}

	/**
	 * Checks a duration that must not be nothing.
	 * @param option what it is for: "Producer option ackTimeout"
	 * @param value the duration
	 * @param max the longest that is allowed
	 * @return the duration
	 * @throws InvalidRequestException if it is out of bounds; the message names option,
	 * value and bound
	 */
	public static Duration positive(String option, Duration value, Duration max) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidRequestException(option + " is " + value + "; it must be positive.", null);
		}
		return atMost(option, value, max);
	}

	/**
	 * Checks a duration.
	 * @param option what it is for: "Stream option retention"
	 * @param value the duration
	 * @param max the longest that is allowed
	 * @return the duration
	 * @throws InvalidRequestException if it is longer; the message names option, value
	 * and bound
	 */
	public static Duration atMost(String option, Duration value, Duration max) {
		if (value.compareTo(max) > 0) {
			throw new InvalidRequestException(
					option + " is " + value + "; it must be at most " + max + " (" + max.toDays() + " d).", null);
		}
		return value;
	}

	/**
	 * Reckons how long to wait at the most. Too long to count is a year, negative is
	 * nothing.
	 * @param timeout any duration
	 * @return nanoseconds
	 */
	public static long nanos(Duration timeout) {
		if (timeout.isNegative()) {
			return 0;
		}
		return ((timeout.compareTo(YEAR) > 0) ? YEAR : timeout).toNanos();
	}

	/**
	 * Waits for an end, whatever it is.
	 * @param end what ends
	 * @param timeout how long to wait
	 * @return whether it came in time; {@code false} also if the thread was interrupted,
	 * whose flag is set again
	 */
	public static boolean await(CompletableFuture<?> end, Duration timeout) {
		try {
			end.get(nanos(timeout), TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		catch (ExecutionException ex) {
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
	}

}
