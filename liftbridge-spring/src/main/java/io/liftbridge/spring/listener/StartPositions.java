package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;

/**
 * Reads start positions from text.
 */
public final class StartPositions {

	private static final String OFFSET = "offset:";

	private StartPositions() {
	}

	/**
	 * Reads a start position.
	 * @param text {@code earliest}, {@code latest} (the newest message and what follows),
	 * {@code new} (only what follows), {@code offset:42}, a time such as
	 * {@code 2026-11-21T03:00:00Z}, or an age such as {@code -PT1H}
	 * @return gives the position; an age is counted from when it is asked
	 * @throws IllegalArgumentException if it is none of these
	 */
	public static Supplier<StartPosition> parse(String text) {
		String trimmed = text.trim();
		String lower = trimmed.toLowerCase(Locale.ROOT);
		switch (lower) {
			case "earliest":
				return StartPosition::earliest;
			case "latest":
				return StartPosition::latest;
			case "new":
				return StartPosition::newOnly;
			default:
				break;
		}
		try {
			if (lower.startsWith(OFFSET)) {
				StartPosition position = StartPosition
					.offset(Long.parseLong(trimmed.substring(OFFSET.length()).trim()));
				return () -> position;
			}
			if (lower.startsWith("-p")) {
				Duration age = Duration.parse(trimmed).negated();
				return () -> StartPosition.ago(age);
			}
			StartPosition position = StartPosition.at(Instant.parse(trimmed));
			return () -> position;
		}
		catch (DateTimeParseException | NumberFormatException
				| io.liftbridge.client.message.InvalidRequestException ex) {
			throw new IllegalArgumentException("'" + text + "' is not a start position: use earliest, latest, new,"
					+ " offset:42, a time such as 2026-11-21T03:00:00Z, or an age such as -PT1H.", ex);
		}
	}

}
