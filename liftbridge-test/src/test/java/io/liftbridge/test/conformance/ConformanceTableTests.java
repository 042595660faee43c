package io.liftbridge.test.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

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
	 * Writes a new table where both suites have run in this directory before, to be
	 * copied.
	 */
	@Test
	void eachScenarioIsInTheTable() throws IOException {
		Path embedded = REPORTS.resolve("embedded.tsv");
		Path real = REPORTS.resolve("real.tsv");
		if (Files.exists(embedded) && Files.exists(real)) {
			Files.writeString(Path.of("target", "conformance.md"), ConformanceTable.render(embedded, real));
		}
		assertThat(ConformanceTable.scenarios(COMMITTED))
			.as("Run both suites, then this test, and copy target/conformance.md to docs")
			.containsExactlyElementsOf(ConformanceTable.scenarios());
	}

	@Test
	void theWorstCaseOfAScenarioCounts() throws IOException {
		String scenario = ConformanceTable.scenarios().first();
		String[] cells = scenario.split(" \\| ");
		Path report = Files.writeString(this.directory.resolve("report.tsv"),
				"family\tscenario\tresult\tdetail\n" + cells[0] + "\t" + cells[1] + " [1] a\tpassed\t\n" + cells[0]
						+ "\t" + cells[1] + " [2] b\tskipped\tno reason\n" + cells[0] + "\t" + cells[1]
						+ " [3] c\tpassed\t\n");
		assertThat(ConformanceTable.render(report, report))
			.contains("| " + scenario + " | skipped: no reason | skipped: no reason |\n")
			.contains("| not run | not run |");
	}

}
