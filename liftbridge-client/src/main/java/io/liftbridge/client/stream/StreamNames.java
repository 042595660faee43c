package io.liftbridge.client.stream;

import java.nio.charset.StandardCharsets;

import io.liftbridge.client.message.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/**
 * The rules for names and subjects. They are stricter than the server's, because some
 * names that the server accepts stop it, now or at its next start.
 */
public final class StreamNames {

	/** Longest name of a stream, a group or a cursor, in bytes of UTF-8. */
	public static final int MAX_NAME_BYTES = 200;

	private static final String CURSORS = "__cursors";

	private StreamNames() {
	}

	/**
	 * Checks the name of a stream.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkStream(String name) {
		return checkName("Stream name", name);
	}

	/**
	 * Checks the name of a new stream: like {@link #checkStream}, and not one of the
	 * server's own.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkNewStream(String name) {
		if (isReserved(name)) {
			throw new InvalidRequestException("Stream name '" + name + "' is reserved for the server.", null);
		}
		return checkStream(name);
	}

	/**
	 * Checks the name of a stream to publish to: like {@link #checkStream}, and not one
	 * of the server's own, which takes whatever it finds there for what it wrote itself.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkOwnStream(String name) {
		if (isReserved(name)) {
			throw new InvalidRequestException("Stream '" + name
					+ "' is the server's own: a message published to it would damage what the server stores there."
					+ " Publish to a stream that you created"
					+ (name.equals(CURSORS) ? ", and store positions with cursors() of the client." : "."), null);
		}
		return checkStream(name);
	}

	private static boolean isReserved(String name) {
		return CURSORS.equals(name) || "__activity".equals(name);
	}

	/**
	 * Checks the name of a group.
	 * @param name the name
	 * @return the name
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkGroup(String name) {
		return checkName("Group name", name);
	}

	/**
	 * Checks the id of a cursor. Blanks and dots are no harm; a comma is what the server
	 * separates id, stream and partition with, so that two cursors could become one.
	 * @param id the id
	 * @return the id
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkCursor(String id) {
		if (id.isBlank()) {
			throw new InvalidRequestException("Cursor id must not be empty.", null);
		}
		if (id.indexOf(',') >= 0 || id.chars().anyMatch(Character::isISOControl)) {
			throw new InvalidRequestException(
					"Cursor id '" + shorten(id) + "' must not contain commas or control characters.", null);
		}
		return checkLength("Cursor id", id);
	}

	/**
	 * Checks the id of a consumer.
	 * @param id the id
	 * @return the id
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkConsumer(String id) {
		return checkName("Consumer id", id);
	}

	/**
	 * Checks a subject that a stream listens on.
	 * @param subject the subject, possibly with the wildcards {@code *} and {@code >}
	 * @param partitions how many partitions the stream has
	 * @return the subject
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkSubject(String subject, int partitions) {
		checkTokens("Subject", subject);
		int full = subject.indexOf('>');
		boolean wildcard = subject.equals(">") || subject.endsWith(".>");
		if (wildcard && partitions > 1) {
			throw new InvalidRequestException(
					"Subject '" + subject + "' with the wildcard '>' works with one partition only, not with "
							+ partitions + ": the others would listen on '" + subject + ".1' and so on.",
					null);
		}
		if (wildcard && full != subject.length() - 1 || subject.contains(".>.") || subject.startsWith(">.")) {
			throw new InvalidRequestException("Subject '" + subject + "': the wildcard '>' may only come last.", null);
		}
		return subject;
	}

	/**
	 * Checks a subject to publish to.
	 * @param subject the subject, without wildcards
	 * @return the subject
	 * @throws InvalidRequestException if it breaks a rule; the message says which
	 */
	public static String checkConcreteSubject(String subject) {
		checkTokens("Subject", subject);
		for (String token : subject.split("\\.")) {
			if (token.equals("*") || token.equals(">")) {
				throw new InvalidRequestException(
						"Subject '" + subject + "' has a wildcard; a message needs one particular subject.", null);
			}
		}
		return subject;
	}

	private static String checkName(String kind, String name) {
		checkTokens(kind, name);
		if (name.indexOf('*') >= 0 || name.indexOf('>') >= 0 || name.indexOf('/') >= 0) {
			throw new InvalidRequestException(
					kind + " '" + shorten(name) + "' must not contain any of the characters * > /.", null);
		}
		return checkLength(kind, name);
	}

	private static String checkLength(String kind, String name) {
		int length = name.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_NAME_BYTES) {
			throw new InvalidRequestException(kind + " '" + shorten(name) + "' is " + length + " bytes long; at most "
					+ MAX_NAME_BYTES + " are allowed.", null);
		}
		return name;
	}

	private static void checkTokens(String kind, @Nullable String text) {
		if (text == null) {
			throw new InvalidRequestException(kind + " is null.", null);
		}
		if (text.isEmpty()) {
			throw new InvalidRequestException(kind + " must not be empty.", null);
		}
		if (text.chars().anyMatch((c) -> Character.isWhitespace(c) || Character.isISOControl(c))) {
			throw new InvalidRequestException(
					kind + " '" + shorten(text) + "' must not contain blanks or control characters.", null);
		}
		if (text.startsWith(".") || text.endsWith(".") || text.contains("..")) {
			throw new InvalidRequestException(
					kind + " '" + shorten(text) + "' must not begin or end with a dot or have two in a row.", null);
		}
	}

	private static String shorten(String text) {
		return (text.length() > 60) ? text.substring(0, 60) + "..." : text;
	}

}
