package io.liftbridge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/**
 * The document that has the figures between two marks, and what people have written about
 * them around.
 */
final class Document {

	static final String BEGIN = "<!-- figures -->\n";

	static final String END = "<!-- end of figures -->\n";

	private Document() {
	}

	/** Where and how it was measured. */
	static String facts(Options options, String broker) {
		return String.format(Locale.ROOT,
				"Measured on %s: %d cores, %s %s, Java %s; broker: %s. Values of %d bytes, window %d, "
						+ "%d pairs, rounds: %s, messages: %s, compression: %s.%n%n",
				LocalDate.now(ZoneOffset.UTC), Runtime.getRuntime().availableProcessors(),
				System.getProperty("os.name"), System.getProperty("os.arch"), System.getProperty("java.vm.version"),
				broker, options.size(), options.window(), options.pairs(), options.text("rounds", "by default"),
				options.text("n", "by default"), options.text("compression", "by default"));
	}

	static void write(Path file, String figures) throws IOException {
		String before = Files.exists(file) ? Files.readString(file) : BEGIN + END;
		Files.writeString(file, replace(before, figures));
	}

	static String replace(String document, String figures) {
		int begin = document.indexOf(BEGIN);
		int end = document.indexOf(END);
		if (begin < 0 || end < begin) {
			throw new IllegalArgumentException("The file of --write has no line '" + BEGIN.strip() + "' before a line '"
					+ END.strip() + "'; it was left as it is");
		}
		return document.substring(0, begin + BEGIN.length()) + "\n" + figures.strip() + "\n\n"
				+ document.substring(end);
	}

}
