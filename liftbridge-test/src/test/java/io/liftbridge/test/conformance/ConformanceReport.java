package io.liftbridge.test.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/**
 * Writes {@code target/conformance/<kind>.tsv} once all scenarios of a suite have ended:
 * family, scenario, result and detail, sorted, so that the tables of two kinds of broker
 * can be laid side by side.
 */
final class ConformanceReport implements AutoCloseable {

	private final Queue<String> rows = new ConcurrentLinkedQueue<>();

	private final Path file;

	ConformanceReport(String kind) {
		this.file = Path.of("target", "conformance", kind + ".tsv");
	}

	void add(String family, String scenario, String result, String detail) {
		this.rows.add(String.join("\t", family, scenario, result, detail.replaceAll("\\s+", " ").strip()));
	}

	@Override
	public void close() throws IOException {
		Files.createDirectories(this.file.getParent());
		Files.writeString(this.file,
				this.rows.stream()
					.sorted()
					.collect(Collectors.joining("\n", "family\tscenario\tresult\tdetail\n", "\n")));
	}

}
