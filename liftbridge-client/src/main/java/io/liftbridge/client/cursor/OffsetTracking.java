package io.liftbridge.client.cursor;

import java.time.Duration;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * When the position of a reader is stored in its cursor. What is stored is always the
 * offset of the last message whose handler has returned; after a crash what was processed
 * since is delivered again. Immutable.
 */
public final class OffsetTracking {

	/** Stored after 1000 messages, and after 5 seconds. The default. */
	public static final OffsetTracking DEFAULT = new OffsetTracking(Kind.AUTOMATIC, 1000, Duration.ofSeconds(5));

	private static final OffsetTracking MANUAL = new OffsetTracking(Kind.MANUAL, 0, Duration.ZERO);

	private static final OffsetTracking NONE = new OffsetTracking(Kind.NONE, 0, Duration.ZERO);

	private static final Duration SHORTEST = Duration.ofMillis(10);

	private static final Duration LONGEST = Duration.ofDays(1);

	private final Kind kind;

	private final int messages;

	private final Duration interval;

	private OffsetTracking(Kind kind, int messages, Duration interval) {
		this.kind = kind;
		this.messages = messages;
		this.interval = interval;
	}

	/**
	 * Stores the position whenever so many messages were processed, and whenever so much
	 * time has passed, whichever comes first; and at the end.
	 * @param messages 1 and above
	 * @param interval 10 ms to 1 day
	 * @return the tracking
	 * @throws InvalidRequestException if one of them is out of bounds
	 */
	public static OffsetTracking every(int messages, Duration interval) {
		if (messages < 1) {
			throw new InvalidRequestException(
					"Offsets cannot be tracked every " + messages + " messages: use 1 or more.", null);
		}
		if (interval.compareTo(SHORTEST) < 0 || interval.compareTo(LONGEST) > 0) {
			throw new InvalidRequestException(
					"Offsets cannot be tracked every " + interval + ": use " + SHORTEST + " to " + LONGEST + ".", null);
		}
		return new OffsetTracking(Kind.AUTOMATIC, messages, interval);
	}

	/**
	 * Stores the position whenever so much time has passed, and at the end.
	 * @param interval 10 ms to 1 day
	 * @return the tracking
	 * @throws InvalidRequestException if it is out of bounds
	 */
	public static OffsetTracking every(Duration interval) {
		return every(Integer.MAX_VALUE, interval);
	}

	/**
	 * Stores the position when told to.
	 * @return the tracking
	 */
	public static OffsetTracking manual() {
		return MANUAL;
	}

	/**
	 * Neither reads nor stores a cursor: the user keeps the position, or needs none.
	 * @return the tracking
	 */
	public static OffsetTracking none() {
		return NONE;
	}

	/**
	 * Whether positions are stored without being told to.
	 * @return whether they are
	 */
	public boolean isAutomatic() {
		return this.kind == Kind.AUTOMATIC;
	}

	/**
	 * Whether no cursor is used.
	 * @return whether none is
	 */
	public boolean isNone() {
		return this.kind == Kind.NONE;
	}

	int messages() {
		return this.messages;
	}

	Duration interval() {
		return this.interval;
	}

	@Override
	public String toString() {
		return switch (this.kind) {
			case AUTOMATIC -> "every " + this.messages + " messages and " + this.interval;
			case MANUAL -> "manual";
			case NONE -> "none";
		};
	}

	private enum Kind {

		/** By number and time. */
		AUTOMATIC,
		/** When told to. */
		MANUAL,
		/** Never. */
		NONE

	}

}
