package io.liftbridge.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param mode what to measure
 * @param seeds brokers, or {@code null} to start one
 * @param stream stream to use, created with one partition where absent
 * @param n messages per round
 * @param size bytes of a value
 * @param window unacknowledged messages at once
 * @param rounds how often to do it; the last round counts, the others warm up
 * @param peer executable of a peer to compare with, or {@code null}
 * @param pairs how often both run in turn
 */
record Options(Mode mode, @Nullable String seeds, String stream, int n, int size, int window, int rounds,
		@Nullable String peer, int pairs) {

	static final String USAGE = "usage: --mode publish|latency|consume [--seeds HOST:PORT,...] [--stream NAME]"
			+ " [--n MESSAGES] [--size BYTES] [--window MESSAGES] [--rounds COUNT] [--peer EXECUTABLE [--pairs COUNT]]";

	private static final List<String> NAMES = List.of("mode", "seeds", "stream", "n", "size", "window", "rounds",
			"peer", "pairs");

	static Options parse(String... args) {
		Map<String, String> given = new HashMap<>();
		for (int i = 0; i < args.length; i++) {
			String name = args[i].replaceFirst("^--?", "");
			String value = null;
			int equals = name.indexOf('=');
			if (equals >= 0) {
				value = name.substring(equals + 1);
				name = name.substring(0, equals);
			}
			else if (i + 1 < args.length) {
				value = args[++i];
			}
			if (!NAMES.contains(name) || value == null) {
				throw new IllegalArgumentException("'" + args[i] + "' is not understood; " + USAGE);
			}
			given.put(name, value);
		}
		return new Options(mode(given.getOrDefault("mode", "publish")), given.get("seeds"),
				given.getOrDefault("stream", "benchmark"), number(given, "n", 200_000), number(given, "size", 256),
				number(given, "window", 10_000), number(given, "rounds", 1), given.get("peer"),
				number(given, "pairs", 5));
	}

	Options with(Mode other, String brokers, String name) {
		return new Options(other, brokers, name, this.n, this.size, this.window, 1, null, this.pairs);
	}

	private static Mode mode(String text) {
		try {
			return Mode.valueOf(text.toUpperCase(Locale.ROOT));
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("--mode '" + text + "' is unknown; " + USAGE, ex);
		}
	}

	private static int number(Map<String, String> given, String name, int byDefault) {
		String text = given.get(name);
		try {
			int number = (text != null) ? Integer.parseInt(text) : byDefault;
			if (number < 1) {
				throw new IllegalArgumentException("--" + name + " is " + number + ", it must be 1 or more; " + USAGE);
			}
			return number;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--" + name + " '" + text + "' is not a number; " + USAGE, ex);
		}
	}

	/** What to measure. */
	enum Mode {

		PUBLISH, LATENCY, CONSUME

	}

}
