package io.liftbridge.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.liftbridge.client.entry.Compression;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for, by name.
 */
final class Options {

	static final String USAGE = """
			Measures the client on a real server, alone or beside others.

			  java -jar liftbridge-benchmarks-*-all.jar --mode MODE [options]

			  --mode MODE           publish, latency, consume, entries-publish, entries-consume, bulk, template, heap,
			                        listener, listeners, sink (from a stream into a database), sink-entries (from one of
			                        batch entries), rows (a bare loop into a database), startup (of an application with
			                        the starter), startup-plain (of the same without it);
			                        all: the whole table of docs/benchmarks.md
			  --seeds HOST:PORT,... brokers; without them a server is started: a real one where an executable
			                        'liftbridge' is on the PATH or LIFTBRIDGE_SERVER names one, else the embedded one
			  --stream NAME         stream, or beginning of the names of streams; created with one partition (benchmark)
			  --n COUNT             of a round (1000000; latency 50000, entries 2000000, heap 10000000); how many
			                        listeners (1000)
			  --size BYTES          bytes of a value (256)
			  --window COUNT        messages without an answer at once, or to read ahead (10000; entries 100000)
			  --rounds COUNT        rounds in one process: the last one counts (1, beside others 5; entries 15)
			  --values KIND         zeros, or json: records like an application's (zeros)
			  --compression NAME    of batch entries: none, zstd, lz4, gzip, zlib; or zstd:1 (none)
			  --records COUNT       most records of a batch entry (2000)
			  --batches COUNT       most batches of entries on their way (2)
			  --batch-bytes BYTES   most bytes of a batch of entries (1048576)
			  --database URL        JDBC URL of a PostgreSQL or H2, for sink and rows: tables whose names begin with
			                        liftbridge_benchmark are created and dropped there
			  --payload KIND        what a listener receives, or consume reads: bytes or text (bytes)
			  --unmeasured COUNT    messages that a listener or consume reads before it counts (0; with a listener
			                        beside the client's handler half of n)
			  --idle SECONDS        how long listeners have nothing to do (10), after at most 10 s
			                        that do not count
			  --observed KIND       whether a listener's calls and a template's sends are observed, as by Boot with
			                        meters only: none or meters (none)
			  --ack MODE            when a listener's position is stored: BATCH, RECORD, NONE (BATCH)

			Beside others, each a process of its own, all of them in turn, pair by pair:

			  --peer EXECUTABLE     takes -mode -servers -stream -n -size -window, prints one line of JSON
			  --limit FILE          Limit.java, the bare gRPC loop; compiled here, against this very jar
			  --gufo FILE           the script that measures Gufo
			  --python EXECUTABLE   runs it; must be able to import gufo.liftbridge (python3)
			  --pairs COUNT         how often all run in turn (5); with --mode sink alone, the bare loop beside it
			  --jvm FLAG,...        flags for the JVMs that are started, ours and that of --limit
			  --write FILE          puts the tables of --mode all between the marks in this file
			""";

	private static final List<String> NAMES = List.of("mode", "seeds", "stream", "n", "size", "window", "rounds",
			"values", "compression", "records", "batches", "batch-bytes", "database", "payload", "ack", "observed",
			"unmeasured", "idle", "peer", "limit", "gufo", "python", "pairs", "jvm", "write");

	private final Map<String, String> given;

	/** Asked for with each message. */
	private final Mode mode;

	private final int n;

	private Options(Map<String, String> given) {
		this.given = given;
		this.mode = Mode.parse(text("mode", "publish"));
		this.n = number("n", defaultCount(this.mode));
		compression();
		for (String name : List.of("n", "size", "window", "rounds", "records", "batches", "batch-bytes", "pairs",
				"idle")) {
			number(name, 1);
		}
		if (unmeasured() >= this.n) {
			throw new IllegalArgumentException(
					"--unmeasured is " + unmeasured() + ", it must be less than --n " + this.n + "; see --help");
		}
		if (!List.of("zeros", "json").contains(text("values", "zeros"))) {
			throw new IllegalArgumentException("--values must be zeros or json; see --help");
		}
		if (!List.of("bytes", "text").contains(text("payload", "bytes"))) {
			throw new IllegalArgumentException("--payload must be bytes or text; see --help");
		}
		if (!List.of("none", "meters").contains(text("observed", "none"))) {
			throw new IllegalArgumentException("--observed must be none or meters; see --help");
		}
		if (!List.of("BATCH", "RECORD", "NONE").contains(ack())) {
			throw new IllegalArgumentException("--ack must be BATCH, RECORD or NONE; see --help");
		}
	}

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
				throw new IllegalArgumentException("'--" + name + "' is not understood; see --help");
			}
			given.put(name, value);
		}
		return new Options(given);
	}

	/** The same, but for one. */
	Options with(String name, String value) {
		Map<String, String> other = new HashMap<>(this.given);
		other.put(name, value);
		return new Options(other);
	}

	/** The same for one process of ours: nothing of others. */
	List<String> commandLine() {
		List<String> line = new ArrayList<>();
		this.given.forEach((name, value) -> {
			if (!List.of("peer", "limit", "gufo", "python", "pairs", "jvm", "write").contains(name)) {
				line.add("--" + name);
				line.add(value);
			}
		});
		return line;
	}

	Mode mode() {
		return this.mode;
	}

	@Nullable String seeds() {
		return this.given.get("seeds");
	}

	String stream() {
		return text("stream", "benchmark");
	}

	int n() {
		return this.n;
	}

	private static int defaultCount(Mode mode) {
		return switch (mode) {
			case LATENCY -> 50_000;
			case ENTRIES_PUBLISH, ENTRIES_CONSUME -> 2_000_000;
			case HEAP -> 10_000_000;
			case LISTENERS -> 1000;
			default -> 1_000_000;
		};
	}

	int size() {
		return number("size", 256);
	}

	int window() {
		return number("window", this.mode.hasEntries() ? 100_000 : 10_000);
	}

	int rounds() {
		return number("rounds", 1);
	}

	int records() {
		return number("records", 2000);
	}

	int batches() {
		return number("batches", 2);
	}

	int batchBytes() {
		return number("batch-bytes", 1 << 20);
	}

	String database() {
		String url = this.given.get("database");
		if (url == null) {
			throw new IllegalArgumentException("--mode " + this.mode.text() + " needs --database; see --help");
		}
		return url;
	}

	int pairs() {
		return number("pairs", 5);
	}

	/** Where observations go. */
	ObservationRegistry observations() {
		ObservationRegistry registry = ObservationRegistry.create();
		if (text("observed", "none").equals("meters")) {
			registry.observationConfig()
				.observationHandler(new DefaultMeterObservationHandler(new SimpleMeterRegistry()));
		}
		return registry;
	}

	boolean json() {
		return text("values", "zeros").equals("json");
	}

	boolean isText() {
		return text("payload", "bytes").equals("text");
	}

	Duration idle() {
		return Duration.ofSeconds(number("idle", 10));
	}

	/** The first messages that a reader does not count. */
	int unmeasured() {
		return has("unmeasured") ? number("unmeasured", 1) : 0;
	}

	String ack() {
		return text("ack", "BATCH").toUpperCase(Locale.ROOT);
	}

	/** As {@code zstd}, or {@code zstd:1} for another level than the codec's own. */
	Compression compression() {
		String[] parts = text("compression", "none").split(":", 2);
		Compression compression = Compression.named(parts[0]);
		if (parts.length == 1) {
			return compression;
		}
		try {
			return compression.level(Integer.parseInt(parts[1]));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--compression has the level '" + parts[1] + "'; see --help", ex);
		}
	}

	boolean has(String name) {
		return this.given.containsKey(name);
	}

	String text(String name, String byDefault) {
		return this.given.getOrDefault(name, byDefault);
	}

	private int number(String name, int byDefault) {
		String text = this.given.get(name);
		try {
			int number = (text != null) ? Integer.parseInt(text) : byDefault;
			if (number < 1) {
				throw new IllegalArgumentException(
						"--" + name + " is " + number + ", it must be 1 or more; see --help");
			}
			return number;
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("--" + name + " '" + text + "' is not a number; see --help", ex);
		}
	}

}
