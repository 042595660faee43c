package io.liftbridge.client.consumer;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Where reading begins. Immutable.
 */
public final class StartPosition {

	private static final StartPosition NEW_ONLY = new StartPosition(Kind.NEW_ONLY, 0, "new messages only");

	private static final StartPosition EARLIEST = new StartPosition(Kind.EARLIEST, 0, "earliest");

	private static final StartPosition LATEST = new StartPosition(Kind.LATEST, 0, "latest");

	private final Kind kind;

	private final long value;

	private final String text;

	private final boolean resumed;

	private StartPosition(Kind kind, long value, String text) {
		this(kind, value, text, false);
	}

	private StartPosition(Kind kind, long value, String text, boolean resumed) {
		this.resumed = resumed;
		this.kind = kind;
		this.value = value;
		this.text = text;
	}

	/**
	 * After the newest message.
	 * @return the position
	 */
	public static StartPosition newOnly() {
		return NEW_ONLY;
	}

	/**
	 * At the oldest message that the server still has.
	 * @return the position
	 */
	public static StartPosition earliest() {
		return EARLIEST;
	}

	/**
	 * At the newest message, which is delivered, too.
	 * @return the position
	 */
	public static StartPosition latest() {
		return LATEST;
	}

	/**
	 * At an offset. If it was removed by retention, at the next one that is there; if it
	 * does not exist yet, delivery begins once it does.
	 * @param offset the offset, 0 and above
	 * @return the position
	 * @throws InvalidRequestException if it is negative
	 */
	public static StartPosition offset(long offset) {
		if (offset < 0) {
			throw new InvalidRequestException("Start offset " + offset + " is negative; offsets begin at 0.", null);
		}
		return new StartPosition(Kind.OFFSET, offset, "offset " + offset);
	}

	/**
	 * Behind what is processed. The same as {@link #offset} with the next one, but a
	 * large message whose first chunks lie before that is known to be processed: the rest
	 * of it is left out, and not malformed.
	 * @param processedOffset {@link ReceivedMessage#processedOffset()} of the last
	 * message that is processed, -1 for none
	 * @return the position
	 * @throws InvalidRequestException if it is less than -1, or the largest number
	 */
	public static StartPosition after(long processedOffset) {
		if (processedOffset < -1 || processedOffset == Long.MAX_VALUE) {
			throw new InvalidRequestException("There is no offset to begin at after " + processedOffset
					+ "; offsets begin at 0, and -1 stands for none that is processed.", null);
		}
		StartPosition next = offset(processedOffset + 1);
		return new StartPosition(next.kind, next.value, next.text, true);
	}

	/**
	 * At the first message received at that time or later.
	 * @param time the time
	 * @return the position
	 * @throws InvalidRequestException if it is before the year 1678 or after 2262
	 */
	public static StartPosition at(Instant time) {
		return new StartPosition(Kind.TIMESTAMP, nanos(time), "time " + time);
	}

	static long nanos(Instant time) {
		try {
			return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
		}
		catch (ArithmeticException ex) {
			throw new InvalidRequestException("Time " + time + " cannot be told in nanoseconds since 1970, which is"
					+ " how the server counts: use one between the years 1678 and 2262.", ex);
		}
	}

	/**
	 * At the first message that is not older than this, counted from now by this
	 * machine's clock.
	 * @param age how far to go back, 0 and above
	 * @return the position
	 * @throws InvalidRequestException if it is negative, or goes back behind the year
	 * 1678
	 */
	public static StartPosition ago(Duration age) {
		if (age.isNegative()) {
			throw new InvalidRequestException("Cannot go back by " + age + ": to start in the future, use at(...).",
					null);
		}
		try {
			return at(Instant.now().minus(age));
		}
		catch (ArithmeticException | DateTimeException ex) {
			throw new InvalidRequestException("Cannot go back by " + age + ".", ex);
		}
	}

	/** Whether everything that began before it is processed. */
	boolean isResumed() {
		return this.resumed;
	}

	/**
	 * Tells the kind.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Tells the offset, or the time in Unix nanoseconds.
	 * @return the value, 0 where the kind has none
	 */
	public long value() {
		return this.value;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof StartPosition that && this.kind == that.kind && this.value == that.value;
	}

	@Override
	public int hashCode() {
		return this.kind.hashCode() * 31 + Long.hashCode(this.value);
	}

	@Override
	public String toString() {
		return this.text;
	}

	/**
	 * Kinds of positions.
	 */
	public enum Kind {

		/** After the newest message. */
		NEW_ONLY,
		/** At an offset. */
		OFFSET,
		/** At the oldest message. */
		EARLIEST,
		/** At the newest message. */
		LATEST,
		/** At a time. */
		TIMESTAMP

	}

}
