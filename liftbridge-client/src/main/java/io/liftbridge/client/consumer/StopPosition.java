package io.liftbridge.client.consumer;

import java.time.Instant;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * Where reading ends. Immutable.
 */
public final class StopPosition {

	private static final StopPosition NEVER = new StopPosition(Kind.NEVER, 0, "never");

	private static final StopPosition LATEST = new StopPosition(Kind.LATEST, 0, "latest");

	private final Kind kind;

	private final long value;

	private final String text;

	private StopPosition(Kind kind, long value, String text) {
		this.kind = kind;
		this.value = value;
		this.text = text;
	}

	/**
	 * Reading goes on until it is closed. The default.
	 * @return the position
	 */
	public static StopPosition never() {
		return NEVER;
	}

	/**
	 * After the message that is the newest when reading begins. Nothing is delivered from
	 * an empty partition.
	 * @return the position
	 */
	public static StopPosition latest() {
		return LATEST;
	}

	/**
	 * After an offset. Reading also ends at the first message beyond it, if the message
	 * itself was removed by compaction.
	 * @param offset the last offset to deliver, 0 and above
	 * @return the position
	 * @throws InvalidRequestException if it is negative
	 */
	public static StopPosition offset(long offset) {
		if (offset < 0) {
			throw new InvalidRequestException("Stop offset " + offset + " is negative; offsets begin at 0.", null);
		}
		return new StopPosition(Kind.OFFSET, offset, "offset " + offset);
	}

	/**
	 * After the last message received at that time or before; a time to come means the
	 * newest message when reading begins.
	 * @param time the time
	 * @return the position
	 * @throws InvalidRequestException if it is before the year 1678 or after 2262
	 */
	public static StopPosition at(Instant time) {
		return new StopPosition(Kind.TIMESTAMP, StartPosition.nanos(time), "time " + time);
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
		return other instanceof StopPosition that && this.kind == that.kind && this.value == that.value;
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

		/** Never. */
		NEVER,
		/** After an offset. */
		OFFSET,
		/** After the newest message. */
		LATEST,
		/** After a time. */
		TIMESTAMP

	}

}
