package io.liftbridge.test.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a client can see of a server, and the scenarios that show it. Kept by hand in
 * {@code facts.txt}.
 */
final class ConformanceFacts {

	private static final String HEAD = """

			## Facts and what shows them

			The facts about the server that a client can see, by their numbers, with the scenarios above
			(`Family#method`) and other tests that show them. Kept by hand in `facts.txt`.

			| number | fact | shown by |
			|---|---|---|
			""";

	private ConformanceFacts() {
	}

	/** All facts, in the order of their numbers. */
	static List<Fact> all() {
		try (InputStream in = ConformanceFacts.class.getResourceAsStream("facts.txt")) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> !line.startsWith("#"))
				.map((line) -> line.split(" \\| "))
				.map((cells) -> new Fact(cells[0], cells[1], cells[2]))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The section of the documentation. */
	static String render() {
		StringBuilder table = new StringBuilder(HEAD);
		for (Fact fact : all()) {
			table.append("| ").append(fact.number()).append(" | ").append(fact.text()).append(" | ");
			table.append(
					fact.isShown() ? String.join(", ", fact.tests().stream().map((test) -> "`" + test + "`").toList())
							: fact.shownBy());
			table.append(" |\n");
		}
		return table.toString();
	}

	/**
	 * Whether a test exists.
	 * @param test {@code Family#method} for a scenario, else {@code Class#method}
	 */
	static boolean exists(String test) {
		String[] parts = test.split("#");
		return Stream
			.of(ConformanceSuite.class.getName() + "$" + parts[0], "io.liftbridge.test." + parts[0],
					"io.liftbridge.test.client." + parts[0])
			.anyMatch((name) -> hasMethod(name, parts[1]));
	}

	private static boolean hasMethod(String className, String method) {
		try {
			Class<?> type = Class.forName(className, false, ConformanceFacts.class.getClassLoader());
			for (; type != null; type = type.getSuperclass()) {
				if (Arrays.stream(type.getDeclaredMethods()).anyMatch((own) -> own.getName().equals(method))) {
					return true;
				}
			}
			return false;
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	/**
	 * One fact.
	 *
	 * @param number its number
	 * @param text what it says, in short
	 * @param shownBy the tests, or why there is none
	 */
	record Fact(String number, String text, String shownBy) {

		boolean isShown() {
			return !this.shownBy.startsWith("not shown: ");
		}

		List<String> tests() {
			return isShown() ? List.of(this.shownBy.split(", ")) : List.of();
		}

	}

}
