package io.liftbridge.client.cluster;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

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
	public static Duration positive(String option, @Nullable Duration value, Duration max) {
		if (value == null) {
			throw new InvalidRequestException(option + " is null; leave it out for its default.", null);
		}
		if (value.isNegative() || value.isZero()) {
			throw new InvalidRequestException(option + " is " + text(value) + "; it must be positive.", null);
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
			throw new InvalidRequestException(option + " is " + text(value) + "; it must be at most " + text(max) + ".",
					null);
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
	 * Reckons how long somebody waits who wants an answer.
	 * @param call what waits: "sendAndWait to stream"
	 * @param target whose answer
	 * @param timeout how long; too long to count is a year
	 * @return nanoseconds
	 * @throws InvalidRequestException if the duration is not positive, as no answer can
	 * come within it
	 */
	public static long waitNanos(String call, String target, @Nullable Duration timeout) {
		if (timeout == null || timeout.isNegative() || timeout.isZero()) {
			throw new InvalidRequestException(
					call + " '" + target + "' has a timeout of " + ((timeout != null) ? text(timeout) : "null")
							+ "; it must be positive. Nothing was sent. Call send where no answer is waited for.",
					null);
		}
		return nanos(timeout);
	}

	/**
	 * Writes a duration as people do.
	 * @param duration any
	 * @return "5 ms", "1.5 s", "24 h" or "365 d"
	 */
	public static String text(Duration duration) {
		long seconds = duration.getSeconds();
		if (duration.getNano() == 0 && seconds != 0 && seconds % 3600 == 0) {
			long hours = seconds / 3600;
			return (hours % 24 == 0 && Math.abs(hours) > 24) ? hours / 24 + " d" : hours + " h";
		}
		BigDecimal exact = BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(duration.getNano(), 9));
		if (exact.signum() != 0 && exact.abs().compareTo(BigDecimal.ONE) < 0) {
			return plain(exact.movePointRight(3)) + " ms";
		}
		return plain(exact) + " s";
	}

	private static String plain(BigDecimal number) {
		return number.stripTrailingZeros().toPlainString();
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
