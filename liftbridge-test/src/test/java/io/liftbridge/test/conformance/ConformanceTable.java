package io.liftbridge.test.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What the suite asserts and what became of it on each kind of broker, as a table for the
 * documentation. Cases of one scenario are one row.
 */
final class ConformanceTable {

	/** Names of the reports, in the order of the columns. */
	static final List<String> KINDS = List.of("embedded", "real", "cluster");

	private static final String HEAD = """
			# Conformance

			Each scenario of the conformance suite asserts the same on the embedded broker
			(`EmbeddedConformanceTests`), on one real server (`RealServerConformanceIT`) and on a cluster of
			three (`RealClusterConformanceIT`). Written by `ConformanceTableTests` from the reports of all.

			| family | scenario | embedded | real server | cluster |
			|---|---|---|---|---|
			""";

	private ConformanceTable() {
	}

	/** All scenarios, as "family | scenario", sorted. */
	static TreeSet<String> scenarios() {
		TreeSet<String> names = new TreeSet<>();
		for (Class<?> family : ConformanceSuite.class.getDeclaredClasses()) {
			for (Class<?> type = family; type != Scenarios.class && type != Object.class; type = type.getSuperclass()) {
				Arrays.stream(type.getDeclaredMethods())
					.filter((method) -> method.isAnnotationPresent(Test.class)
							|| method.isAnnotationPresent(ParameterizedTest.class))
					.forEach((method) -> names
						.add(family.getSimpleName() + " | " + SentenceNames.sentence(method.getName())));
			}
		}
		return names;
	}

	/** The table as it would be after these reports, one of each kind. */
	static String render(List<Path> reports) throws IOException {
		List<Map<String, String>> columns = new ArrayList<>();
		for (Path report : reports) {
			columns.add(results(report));
		}
		StringBuilder table = new StringBuilder(HEAD);
		for (String scenario : scenarios()) {
			table.append("| ").append(scenario);
			columns.forEach((results) -> table.append(" | ").append(results.getOrDefault(scenario, "not run")));
			table.append(" |\n");
		}
		return table.append(ConformanceFacts.render()).toString();
	}

	/** The scenarios of a table that was rendered before. */
	static List<String> scenarios(Path table) throws IOException {
		return Files.readAllLines(table)
			.stream()
			.takeWhile((line) -> !line.startsWith("## "))
			.filter((line) -> line.startsWith("| ") && !line.startsWith("| family"))
			.map((line) -> line.split(" \\| "))
			.map((cells) -> cells[0].substring(2) + " | " + cells[1])
			.toList();
	}

	/** One that failed stands for its scenario, then one that was skipped. */
	private static Map<String, String> results(Path report) throws IOException {
		Map<String, String> results = new TreeMap<>();
		List<String> names = new ArrayList<>(scenarios());
		for (String line : Files.readAllLines(report)) {
			String[] cells = line.split("\t", -1);
			names.stream().filter((name) -> isOf(name, cells)).findFirst().ifPresent((name) -> {
				String result = (cells[2].equals("skipped") && !cells[3].isEmpty()) ? "skipped: " + cells[3] : cells[2];
				results.merge(name, result, (a, b) -> (rank(a) >= rank(b)) ? a : b);
			});
		}
		return results;
	}

	private static boolean isOf(String name, String[] cells) {
		String scenario = cells[0] + " | " + cells[1];
		return scenario.equals(name) || scenario.startsWith(name + " [");
	}

	private static int rank(String result) {
		return result.startsWith("failed") ? 2 : result.startsWith("skipped") ? 1 : 0;
	}

}
