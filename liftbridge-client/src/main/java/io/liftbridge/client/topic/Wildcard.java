package io.liftbridge.client.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * A text in which each star stands for any characters or none; {@code \*} and {@code \\}
 * stand for themselves.
 */
final class Wildcard implements Predicate<String> {

	/** What lies between the stars, possibly empty at the ends. */
	private final List<String> pieces;

	private Wildcard(List<String> pieces) {
		this.pieces = pieces;
	}

	/** Tells what is wrong with an expression, if something is. */
	static @Nullable String problem(String expression) {
		for (int i = 0; i < expression.length(); i++) {
			char c = expression.charAt(i);
			if (c == '\\') {
				i++;
				if (i == expression.length() || "*\\".indexOf(expression.charAt(i)) < 0) {
					return "a backslash stands before '*' or another backslash only";
				}
			}
			else if (c == '*' && i + 1 < expression.length() && expression.charAt(i + 1) == '*') {
				return "two stars in a row say no more than one";
			}
		}
		return null;
	}

	static Wildcard of(String expression) {
		List<String> pieces = new ArrayList<>();
		StringBuilder piece = new StringBuilder();
		for (int i = 0; i < expression.length(); i++) {
			char c = expression.charAt(i);
			if (c == '*') {
				pieces.add(piece.toString());
				piece.setLength(0);
			}
			else {
				i += (c == '\\') ? 1 : 0;
				piece.append(expression.charAt(i));
			}
		}
		pieces.add(piece.toString());
		return new Wildcard(pieces);
	}

	@Override
	public boolean test(String text) {
		String first = this.pieces.get(0);
		if (this.pieces.size() == 1) {
			return text.equals(first);
		}
		String last = this.pieces.get(this.pieces.size() - 1);
		int end = text.length() - last.length();
		int at = first.length();
		if (end < at || !text.startsWith(first) || !text.endsWith(last)) {
			return false;
		}
		// The first place for each piece leaves the most room for those behind.
		for (String piece : this.pieces.subList(1, this.pieces.size() - 1)) {
			int found = text.indexOf(piece, at);
			if (found < 0 || found + piece.length() > end) {
				return false;
			}
			at = found + piece.length();
		}
		return true;
	}

}
