package io.liftbridge.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * All that is to be measured, in one run on one broker.
 */
final class Suite {

	private static final String OURS = "this client";

	private static final String GO = "go-liftbridge";

	private static final String LIMIT = "bare gRPC loop";

	private static final String SINK = "JdbcBulkSink, from a stream";

	private static final String ROWS = "bare loop of JDBC batches";

	/** Enough for it to be steady. */
	private static final String GUFO_COUNT = "20000";

	/** With fewer, the compiler takes more processor time than the client. */
	private static final String STEADY = "5";

	/** Their rounds are as much shorter. */
	private static final String ENTRIES_STEADY = "15";

	/** On records like these as small as with the codec's own level, for less. */
	private static final String ZSTD = "zstd:1";

	private static final String HEAP_FLAG = "-Xmx64m";

	/** Long enough for what happens every 10 s, and for a clock that counts 10 ms. */
	private static final String IDLE_SECONDS = "60";

	private final Options options;

	private final Peers peers;

	private final String seeds;

	private final StringBuilder tables = new StringBuilder();

	private final List<Target> targets = new ArrayList<>();

	Suite(Options options, Peers peers, String seeds) {
		this.options = options;
		this.peers = peers;
		this.seeds = seeds;
	}

	/** Returns what is to be shown, in Markdown. */
	String run() throws Exception {
		publish();
		consume();
		latency();
		bulk();
		sink();
		heap();
		listener();
		try (Broker broker = BrokerProcess.start()) {
			listeners(broker.seeds());
			quiet(broker.seeds());
		}
		startup();
		return text();
	}

	private String text() {
		StringBuilder text = new StringBuilder(
				"| | to reach | reached: median (min - max) | met |\n|---|---|---|---|\n");
		this.targets.forEach((target) -> text.append(target.row()));
		return text.append('\n').append(this.tables).toString();
	}

	/** One mode only, beside what others have for it. */
	String runOne() throws Exception {
		if (this.options.mode() == Mode.SINK) {
			sink();
			return text();
		}
		if (this.options.mode() == Mode.LISTENER) {
			listener();
			return text();
		}
		if (this.options.mode() == Mode.LISTENERS) {
			listeners(this.seeds);
			quiet(this.seeds);
			return text();
		}
		if (this.options.mode() == Mode.STARTUP) {
			startup();
			return text();
		}
		Contest contest = new Contest(this.options.mode().text());
		contest.add(OURS, Contender.ours(), mode(this.options.mode()));
		Mode plain = this.options.mode().plain();
		Options theirs = mode(plain);
		if (this.peers.go() != null) {
			contest.add(GO, this.peers.go(), theirs);
		}
		boolean simple = plain == Mode.PUBLISH || plain == Mode.CONSUME;
		if (this.peers.limit() != null && simple) {
			contest.add(LIMIT, this.peers.limit(), theirs);
		}
		if (this.peers.gufo() != null && simple) {
			contest.add("Gufo", this.peers.gufo(), theirs);
		}
		contest.run(this.seeds, this.options.stream(), this.options.pairs());
		return contest.table() + contest.ratios();
	}

	private Options mode(Mode mode) {
		String steady = mode.hasEntries() ? ENTRIES_STEADY : STEADY;
		return this.options.with("mode", mode.text()).with("rounds", this.options.text("rounds", steady));
	}

	private static Options zstd(Options entries) {
		return entries.with("compression", entries.text("compression", ZSTD)).with("values", "json");
	}

	private void publish() throws Exception {
		Contest contest = new Contest("Written");
		Entrant ours = contest.add(OURS, Contender.ours(), mode(Mode.PUBLISH));
		Entrant template = contest.add(OURS + ", LiftbridgeTemplate", Contender.ours(), mode(Mode.TEMPLATE));
		Entrant entries = contest.add(OURS + ", batch entries", Contender.ours(),
				mode(Mode.ENTRIES_PUBLISH).with("compression", "none"));
		Entrant zstd = contest.add(OURS + ", batch entries, zstd, JSON-like", Contender.ours(),
				zstd(mode(Mode.ENTRIES_PUBLISH)));
		Entrant go = (this.peers.go() != null) ? contest.add(GO, this.peers.go(), mode(Mode.PUBLISH)) : null;
		Entrant limit = (this.peers.limit() != null) ? contest.add(LIMIT, this.peers.limit(), mode(Mode.PUBLISH))
				: null;
		run(contest);
		if (go != null) {
			atLeast("`send` futures, rate by go-liftbridge's", 1.2, ours, go, Figure.RATE);
			atMost("the same, client CPU per message by go-liftbridge's", 0.6, ours, go, Figure.CPU);
			atLeast("batch entries, records written by go-liftbridge's messages", 9, entries, go, Figure.RATE);
			atLeast("batch entries, zstd, JSON-like, records written by go-liftbridge's messages", 15, zstd, go,
					Figure.RATE);
		}
		if (limit != null) {
			atLeast("`send` futures, rate by the bare gRPC loop's", 0.95, ours, limit, Figure.RATE);
		}
		atLeast("`LiftbridgeTemplate.send(byte[])`, rate by the client's", 0.95, template, ours, Figure.RATE);
	}

	private void consume() throws Exception {
		Contest contest = new Contest("Read");
		Entrant ours = contest.add(OURS, Contender.ours(), mode(Mode.CONSUME));
		Entrant entries = contest.add(OURS + ", batch entries", Contender.ours(),
				mode(Mode.ENTRIES_CONSUME).with("compression", "none"));
		Entrant zstd = contest.add(OURS + ", batch entries, zstd, JSON-like", Contender.ours(),
				zstd(mode(Mode.ENTRIES_CONSUME)));
		Entrant go = (this.peers.go() != null) ? contest.add(GO, this.peers.go(), mode(Mode.CONSUME)) : null;
		if (this.peers.limit() != null) {
			contest.add(LIMIT, this.peers.limit(), mode(Mode.CONSUME));
		}
		run(contest);
		if (go != null) {
			atLeast("consume, rate by go-liftbridge's", 1.1, ours, go, Figure.RATE);
			atMost("consume, client CPU per message by go-liftbridge's", 0.6, ours, go, Figure.CPU);
			atLeast("batch entries, records read by go-liftbridge's messages", 15, entries, go, Figure.RATE);
			atLeast("batch entries, zstd, JSON-like, records read by go-liftbridge's messages", 15, zstd, go,
					Figure.RATE);
		}
	}

	private void latency() throws Exception {
		Contest contest = new Contest("One confirmed message after the other");
		Entrant ours = contest.add(OURS, Contender.ours(), mode(Mode.LATENCY));
		Entrant go = (this.peers.go() != null) ? contest.add(GO, this.peers.go(), mode(Mode.LATENCY)) : null;
		run(contest);
		if (go != null) {
			atMost("single confirmed send, p50 by go-liftbridge's", 1.1, ours, go, Figure.P50);
			atMost("single confirmed send, p99 by go-liftbridge's", 1.1, ours, go, Figure.P99);
		}
	}

	private void bulk() throws Exception {
		Contest contest = new Contest("A generator in bulk");
		Entrant ours = contest.add(OURS + ", publishBulk", Contender.ours(), mode(Mode.BULK));
		Entrant gufo = (this.peers.gufo() != null)
				? contest.add("Gufo, publish_bulk", this.peers.gufo(), mode(Mode.PUBLISH).with("n", GUFO_COUNT)) : null;
		run(contest);
		if (gufo != null) {
			atLeast("`publishBulk` of a generator, rate by Gufo's", 10, ours, gufo, Figure.RATE);
		}
	}

	private void sink() throws Exception {
		if (!this.options.has("database")) {
			System.err.append("Skipped: the sink, --database\n");
			return;
		}
		Contest contest = new Contest("Rows into a database");
		Entrant sink = contest.add(SINK, Contender.ours(), mode(Mode.SINK));
		Entrant entries = contest.add(SINK + " of batch entries", Contender.ours(), mode(Mode.SINK_ENTRIES));
		Entrant rows = contest.add(ROWS, Contender.ours(), mode(Mode.ROWS));
		run(contest);
		atLeast("`JdbcBulkSink`, rows by those of a bare loop of JDBC batches", 0.8, sink, rows, Figure.RATE);
		atLeast("the same, from a stream of batch entries", 0.8, entries, rows, Figure.RATE);
	}

	private void heap() throws Exception {
		Options heap = mode(Mode.HEAP).with("rounds", "1").with("jvm", HEAP_FLAG);
		Contest contest = new Contest(String.format(Locale.ROOT,
				"Published and read at once, %d messages, %d on their way, %s", heap.n(), heap.window(), HEAP_FLAG));
		Entrant ours = contest.add(OURS, Contender.ours(), heap);
		contest.run(this.seeds, this.options.stream(), 1);
		Sample sample = ours.samples().get(0);
		double[] used = IntStream.rangeClosed(1, 10)
			.mapToDouble((look) -> sample.figures().getOrDefault("usedMiB" + look, 0.0))
			.toArray();
		this.tables.append(contest.table())
			.append("Heap in MiB after a collection, each ")
			.append(heap.n() / 10)
			.append(" messages: ")
			.append(Arrays.toString(Arrays.stream(used).mapToLong(Math::round).toArray()))
			.append("\n");
		this.targets.add(new Target("heap after collections, MiB, while " + heap.n() + " messages pass", 64, false,
				Spread.of(used)));
	}

	/** What a listener takes in addition to the client's own handler. */
	private void listener() throws Exception {
		Contest contest = new Contest("Read by a listener");
		Map<Entrant, Entrant> listeners = new LinkedHashMap<>();
		for (String payload : List.of("bytes", "text")) {
			String type = payload.equals("text") ? "String" : "byte[]";
			Entrant client = contest.add(OURS + ", " + type, Contender.ours(),
					afterTheStart(Mode.CONSUME).with("payload", payload));
			for (String ack : List.of("BATCH", "RECORD")) {
				listeners.put(contest.add("`@LiftbridgeListener`, " + type + ", " + ack, Contender.ours(),
						afterTheStart(Mode.LISTENER).with("payload", payload).with("ack", ack)), client);
			}
		}
		run(contest);
		listeners.forEach((listener, client) -> {
			atLeast(listener.title() + ", rate by the client's", 0.9, listener, client, Figure.RATE);
			atMost("the same, CPU per message by the client's", 1.1, listener, client, Figure.CPU);
		});
	}

	/** What a message takes, not what the start of its reader and the compiler do. */
	private Options afterTheStart(Mode mode) {
		Options options = mode(mode);
		return options.with("unmeasured", String.valueOf(Math.max(1, options.n() / 2)));
	}

	private void listeners(String broker) throws Exception {
		Options many = mode(Mode.LISTENERS).with("rounds", "1");
		Contest contest = new Contest(many.n() + " listeners in one application");
		Entrant ours = contest.add(OURS, Contender.ours(), many);
		contest.run(broker, this.options.stream(), this.options.pairs());
		this.tables.append(contest.figures());
		String count = many.n() + " listeners, ";
		this.targets.add(Target.atMost(count + "most threads, at work", 32, ours.values("threadsAtWork")));
		this.targets.add(Target.atMost(count + "start, s", 10, ours.values("startSeconds")));
		this.targets.add(Target.atMost(count + "heap of an idle one, KiB", 30, ours.values("heapPerListenerKiB")));
	}

	/** What an application costs whose listeners have nothing to do. */
	private void quiet(String broker) throws Exception {
		Options few = mode(Mode.LISTENERS).with("rounds", "1").with("n", "10").with("idle", IDLE_SECONDS);
		Contest contest = new Contest("10 quiet listeners in one application");
		Entrant ours = contest.add(OURS, Contender.ours(), few);
		contest.run(broker, this.options.stream() + "-quiet", this.options.pairs());
		this.targets
			.add(Target.atMost("10 quiet listeners, % of a core while idle", 0.5, ours.values("idleCpuPercent")));
	}

	/** What the starter adds, start by start, each in a JVM of its own. */
	private void startup() throws Exception {
		Contest contest = new Contest("Start of a Boot application");
		Entrant with = contest.add("with the starter", Contender.ours(), mode(Mode.STARTUP).with("rounds", "1"));
		Entrant without = contest.add("without it", Contender.ours(), mode(Mode.STARTUP_PLAIN).with("rounds", "1"));
		contest.run(this.seeds, this.options.stream(), this.options.pairs());
		this.tables.append("Start of a Boot application, ms:\n\n| | median (min - max) |\n|---|---|\n");
		for (Entrant entrant : List.of(with, without)) {
			this.tables.append(String.format(Locale.ROOT, "| %s | %s |%n", entrant.title(),
					Spread.of(entrant.values(StartRound.MILLIS))));
		}
		this.tables.append('\n');
		double[] added = with.values(StartRound.MILLIS);
		double[] plain = without.values(StartRound.MILLIS);
		for (int i = 0; i < added.length; i++) {
			added[i] -= plain[i];
		}
		this.targets.add(Target.atMost("start-up, ms that the starter adds", 150, added));
	}

	private void run(Contest contest) throws Exception {
		contest.run(this.seeds, this.options.stream(), this.options.pairs());
		this.tables.append(contest.table());
	}

	private void atLeast(String text, double bound, Entrant ours, Entrant theirs, Figure figure) {
		this.targets.add(Target.atLeast(text, bound, ours.ratios(theirs, figure)));
	}

	private void atMost(String text, double bound, Entrant ours, Entrant theirs, Figure figure) {
		this.targets.add(Target.atMost(text, bound, ours.ratios(theirs, figure)));
	}

}
