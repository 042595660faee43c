package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * What somebody asks of a listener, as it came: texts, so that whoever mistypes a number
 * is told so.
 *
 * @param stream the stream's name, {@code null} for all
 * @param partition the partition's number, {@code null} for all
 * @param position where to read on
 * @param limit how many dead letters to put back at most
 * @param dryRun whether only to count
 */
record ListenerRequest(@Nullable String stream, @Nullable String partition, @Nullable String position,
		@Nullable String limit, @Nullable String dryRun) {

	/** Stands for all partitions. */
	static final int ALL = -1;

	/** As start positions are written. */
	private static final String OFFSET = "offset:";

	static InvalidEndpointRequestException invalid(String problem) {
		return new InvalidEndpointRequestException(problem, problem);
	}

	/**
	 * Says no to what the action does not know: somebody believes that it has an effect.
	 */
	void allow(ListenerAction action, String... names) {
		reject(action, "position", this.position, names);
		reject(action, "limit", this.limit, names);
		reject(action, "dryRun", this.dryRun, names);
	}

	private static void reject(ListenerAction action, String name, @Nullable String value, String... allowed) {
		if (value != null && !List.of(allowed).contains(name)) {
			throw invalid(name + " = '" + value + "' has no meaning for " + action.text() + ": leave it out");
		}
	}

	/** For the log, where somebody's line ends would look like lines of its own. */
	String inOneLine() {
		return toString().replaceAll("\\p{Cntrl}", "?");
	}

	int partitionNumber() {
		if (this.partition == null) {
			return ALL;
		}
		long number = number("partition", this.partition);
		if (number < 0 || number > Integer.MAX_VALUE) {
			throw invalid("partition = '" + this.partition + "' must be 0 or more");
		}
		return (int) number;
	}

	/** 0 for no limit. */
	long limitNumber() {
		if (this.limit == null) {
			return 0;
		}
		long number = number("limit", this.limit);
		if (number < 1) {
			throw invalid("limit = '" + this.limit + "' must be 1 or more");
		}
		return number;
	}

	boolean isDryRun() {
		if (this.dryRun == null || this.dryRun.equals("false")) {
			return false;
		}
		if (this.dryRun.equals("true")) {
			return true;
		}
		throw invalid("dryRun = '" + this.dryRun + "' must be true or false");
	}

	SeekTo place() {
		String text = this.position;
		if (text == null || text.isBlank()) {
			throw invalid("position is missing: " + positions());
		}
		try {
			return place(text.strip());
		}
		catch (DateTimeParseException | NumberFormatException | ArithmeticException | InvalidRequestException ex) {
			throw invalid("position = '" + text + "' cannot be used (" + ex.getMessage() + "): " + positions());
		}
	}

	private static SeekTo place(String text) {
		return switch (text) {
			case "earliest" -> SeekTo.earliest();
			case "latest" -> SeekTo.latest();
			// The annotation and the properties call it new.
			case "new-only", "new" -> SeekTo.newOnly();
			default -> computedPlace(text);
		};
	}

	private static SeekTo computedPlace(String text) {
		char first = text.charAt(0);
		if (text.startsWith(OFFSET)) {
			return SeekTo.offset(Long.parseLong(text.substring(OFFSET.length())));
		}
		if (text.startsWith("-P")) {
			return SeekTo.ago(Duration.parse(text.substring(1)));
		}
		if (first == '+' || first == '-') {
			return SeekTo.relative(Long.parseLong(text));
		}
		return text.chars().allMatch(Character::isDigit) ? SeekTo.offset(Long.parseLong(text))
				: SeekTo.time(Instant.parse(text));
	}

	private static String positions() {
		return "use earliest, latest, new-only, an offset such as 42, a number of messages such as -10 or +10,"
				+ " a time such as 2026-11-21T03:12:04Z, or an age such as -PT1H";
	}

	private static long number(String name, String text) {
		try {
			return Long.parseLong(text.strip());
		}
		catch (NumberFormatException ex) {
			throw invalid(name + " = '" + text + "' is not a number");
		}
	}

}
