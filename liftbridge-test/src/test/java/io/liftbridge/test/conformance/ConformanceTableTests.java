package io.liftbridge.test.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The documentation tells of each scenario there is.
 */
class ConformanceTableTests {

	private static final Path COMMITTED = Path.of("..", "docs", "conformance.md");

	private static final Path REPORTS = Path.of("target", "conformance");

	@TempDir
	Path directory;

	/**
	 * Writes a new table where all suites have run in this directory before, to be
	 * copied.
	 */
	@Test
	void eachScenarioIsInTheTable() throws IOException {
		List<Path> reports = ConformanceTable.KINDS.stream().map((kind) -> REPORTS.resolve(kind + ".tsv")).toList();
		if (reports.stream().allMatch(Files::exists)) {
			Files.writeString(Path.of("target", "conformance.md"), ConformanceTable.render(reports));
		}
		assertThat(ConformanceTable.scenarios(COMMITTED))
			.as("Run all suites, then this test, and copy target/conformance.md to docs")
			.containsExactlyElementsOf(ConformanceTable.scenarios());
	}

	@Test
	void eachFactIsShownOrSaysWhyNot() throws IOException {
		assertThat(ConformanceFacts.all()).flatExtracting(ConformanceFacts.Fact::tests)
			.allMatch(ConformanceFacts::exists);
		assertThat(Files.readString(COMMITTED)).endsWith(ConformanceFacts.render());
	}

	@Test
	void eachNumberIsAmongTheFacts() {
		int[] facts = { 7, 12, 5, 8, 16, 5, 8, 2 };
		List<String> numbers = IntStream.rangeClosed(1, facts.length)
			.boxed()
			.flatMap((section) -> IntStream.rangeClosed(1, facts[section - 1]).mapToObj((fact) -> section + "." + fact))
			.toList();
		assertThat(ConformanceFacts.all()).extracting(ConformanceFacts.Fact::number).containsAll(numbers);
	}

	@Test
	void namesAreSentences() {
		assertThat(SentenceNames.sentence("emptyNameIsRefused")).isEqualTo("Empty name is refused");
		assertThat(SentenceNames.sentence("goesOnAfterARestart")).isEqualTo("Goes on after a restart");
		assertThat(SentenceNames.sentence("aMebibyteIsRefused")).isEqualTo("A mebibyte is refused");
	}

	@Test
	void theWorstCaseOfAScenarioCounts() throws IOException {
		String scenario = ConformanceTable.scenarios().first();
		String[] cells = scenario.split(" \\| ");
		Path report = Files.writeString(this.directory.resolve("report.tsv"),
				"family\tscenario\tresult\tdetail\n" + cells[0] + "\t" + cells[1] + " [1] a\tpassed\t\n" + cells[0]
						+ "\t" + cells[1] + " [2] b\tskipped\tno reason\n" + cells[0] + "\t" + cells[1]
						+ " [3] c\tpassed\t\n");
		assertThat(ConformanceTable.render(List.of(report, report, report)))
			.contains("| " + scenario + " | skipped: no reason | skipped: no reason | skipped: no reason |\n")
			.contains("| not run | not run | not run |");
	}

}
