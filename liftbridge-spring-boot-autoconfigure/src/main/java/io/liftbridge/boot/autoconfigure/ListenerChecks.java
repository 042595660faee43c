package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.StartPositions;

/**
 * Refuses values under {@code liftbridge.listener} that cannot work.
 */
final class ListenerChecks {

	private static final String PREFIX = "liftbridge.listener.";

	/** What containers take. */
	private static final Duration LONGEST = Duration.ofDays(1);

	private ListenerChecks() {
	}

	static void check(ListenerProperties listener) {
		PropertyChecks.atLeast(PREFIX + "concurrency", listener.getConcurrency(), 1);
		PropertyChecks.atLeast(PREFIX + "batch-size", listener.getBatchSize(), 1);
		PropertyChecks.atLeast(PREFIX + "ack-count", listener.getAckCount(), 1);
		notNegative("ack-interval", listener.getAckInterval());
		PropertyChecks.atLeast(PREFIX + "max-unacknowledged", listener.getMaxUnacknowledged(), 0);
		startPosition(listener.getStartPosition());
		notNegative("cursor-interval", listener.getCursorInterval());
		notNegative("shutdown-timeout", listener.getShutdownTimeout());
		notNegative("lag-interval", listener.getLagInterval());
		notNegative("interruption-tolerance", listener.getInterruptionTolerance());
		positive("max-recovery-pause", listener.getMaxRecoveryPause());
		positive("startup-timeout", listener.getStartupTimeout());
		notNegative("idle-event-interval", listener.getIdleEventInterval());
		positive("stream-refresh-interval", listener.getStreamRefreshInterval());
		rate(listener.getMaxMessagesPerSecond());
		retry(listener.getRetry());
		deadLetter(listener.getDeadLetter());
		retryStream(listener.getRetryStream());
		different(listener.getDeadLetter(), listener.getRetryStream());
	}

	private static void startPosition(String text) {
		try {
			StartPositions.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidLiftbridgePropertyException(PREFIX + "start-position", text, "is not a start position.",
					": use earliest, latest, new, offset:42, a time such as 2026-11-21T03:00:00Z, or an age such as"
							+ " -PT1H",
					ex);
		}
	}

	private static void rate(double perSecond) {
		if (!(perSecond >= 0) || Double.isInfinite(perSecond)) {
			throw new InvalidLiftbridgePropertyException(PREFIX + "max-messages-per-second", perSecond,
					"is not possible: it must be 0 for no limit, or more.", "");
		}
	}

	private static void retry(RetryProperties retry) {
		PropertyChecks.atLeast(PREFIX + "retry.max-attempts", retry.getMaxAttempts(), 1);
		PropertyChecks.notNegative(PREFIX + "retry.initial-interval", retry.getInitialInterval());
		PropertyChecks.notNegative(PREFIX + "retry.max-interval", retry.getMaxInterval());
		if (!(retry.getMultiplier() >= 1)) {
			throw new InvalidLiftbridgePropertyException(PREFIX + "retry.multiplier", retry.getMultiplier(),
					"is not possible: it must be 1 or more.", "");
		}
	}

	private static void deadLetter(DeadLetterProperties deadLetter) {
		if (deadLetter.isEnabled()) {
			suffix("dead-letter.suffix", deadLetter.getSuffix(), "dead-letter stream", ".dlt");
		}
	}

	private static void retryStream(RetryStreamProperties retryStream) {
		if (retryStream.isEnabled()) {
			suffix("retry-stream.suffix", retryStream.getSuffix(), "retry stream", ".retry");
			PropertyChecks.notNegative(PREFIX + "retry-stream.pause", retryStream.getPause());
			PropertyChecks.atLeast(PREFIX + "retry-stream.rounds", retryStream.getRounds(), 1);
		}
	}

	/** Of a stream that is both, whatever was given up would come again. */
	private static void different(DeadLetterProperties deadLetter, RetryStreamProperties retryStream) {
		String suffix = retryStream.getSuffix();
		if (deadLetter.isEnabled() && retryStream.isEnabled()
				&& (suffix.endsWith(deadLetter.getSuffix()) || deadLetter.getSuffix().endsWith(suffix))) {
			throw new InvalidLiftbridgePropertyException(PREFIX + "retry-stream.suffix", suffix,
					"does not go with " + PREFIX + "dead-letter.suffix = '" + deadLetter.getSuffix()
							+ "': dead letters would be read as messages to deliver again.",
					", for instance to .retry");
		}
	}

	private static void suffix(String property, String suffix, String kind, String example) {
		if (suffix.isEmpty()) {
			throw new InvalidLiftbridgePropertyException(PREFIX + property, suffix,
					"is empty: a stream cannot be its own " + kind + ".", ", for instance to " + example);
		}
		try {
			StreamNames.checkNewStream("stream" + suffix);
		}
		catch (InvalidRequestException ex) {
			throw new InvalidLiftbridgePropertyException(PREFIX + property, suffix,
					"cannot be used: " + ex.getMessage(), ", for instance to " + example, ex);
		}
	}

	private static void positive(String property, Duration value) {
		PropertyChecks.positive(PREFIX + property, value);
		atMostADay(property, value);
	}

	private static void notNegative(String property, Duration value) {
		PropertyChecks.notNegative(PREFIX + property, value);
		atMostADay(property, value);
	}

	private static void atMostADay(String property, Duration value) {
		if (value.compareTo(LONGEST) > 0) {
			throw new InvalidLiftbridgePropertyException(PREFIX + property, value,
					"is not possible: it must be a day or less.", ", for instance to 10s");
		}
	}

}
