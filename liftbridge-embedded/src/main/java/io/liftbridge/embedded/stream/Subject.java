package io.liftbridge.embedded.stream;

import java.util.regex.Pattern;

/**
 * Rules of NATS subjects: tokens between dots, {@code *} for any one token, {@code >} for
 * one or more at the end.
 */
public final class Subject {

	private static final Pattern DOT = Pattern.compile("\\.");

	private Subject() {
	}

	/**
	 * Whether messages can be sent to a subject.
	 * @param subject any text
	 * @return {@code false} if it is empty, has an empty token, or white space
	 */
	public static boolean isValid(String subject) {
		return !hasEmptyToken(subject) && !hasWhitespace(subject);
	}

	static boolean hasWhitespace(String text) {
		return text.chars().anyMatch((c) -> c == ' ' || c == '\t' || c == '\r' || c == '\n');
	}

	static boolean hasEmptyToken(String text) {
		for (String token : tokens(text)) {
			if (token.isEmpty()) {
				return true;
			}
		}
		return false;
	}

	static String[] tokens(String subject) {
		return DOT.split(subject, -1);
	}

	static boolean isPattern(String subject) {
		for (String token : tokens(subject)) {
			if ("*".equals(token) || ">".equals(token)) {
				return true;
			}
		}
		return false;
	}

	static boolean matches(String pattern, String subject) {
		String[] wanted = tokens(pattern);
		String[] actual = tokens(subject);
		for (int i = 0; i < wanted.length; i++) {
			if (">".equals(wanted[i]) && i == wanted.length - 1) {
				return actual.length > i && !hasEmptyToken(subject);
			}
			if (i >= actual.length || !("*".equals(wanted[i]) || wanted[i].equals(actual[i]))) {
				return false;
			}
		}
		return wanted.length == actual.length && !hasEmptyToken(subject);
	}

}
