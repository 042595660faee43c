package io.liftbridge.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;

/**
 * Publishes or reads messages and prints one line of JSON, or does so beside other
 * clients and prints tables. Without {@code --seeds} it starts a broker: a real server
 * where an executable is found, else the embedded one.
 */
public final class EndToEndBenchmark {

	private EndToEndBenchmark() {
	}

	/**
	 * Runs the benchmark.
	 * @param args the options
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		if (List.of(args).contains("--help") || List.of(args).contains("-h")) {
			System.out.append(Options.USAGE);
			return;
		}
		try {
			run(Options.parse(args), System.out);
		}
		catch (IllegalArgumentException ex) {
			System.err.append(String.valueOf(ex.getMessage())).append('\n');
			System.exit(2);
		}
	}

	static void run(Options options, PrintStream out) throws Exception {
		boolean all = options.mode() == Mode.ALL;
		if (!all && !options.has("pairs") && !options.has("peer") && !options.has("limit") && !options.has("gufo")) {
			out.println(alone(options));
			return;
		}
		Peers peers = Peers.of(options);
		try (Broker broker = broker(options)) {
			Suite suite = new Suite(options, peers, broker.seeds());
			String figures = Document.facts(options, broker.kind()) + (all ? suite.run() : suite.runOne());
			out.println(figures);
			if (options.has("write")) {
				Document.write(Path.of(options.text("write", "")), figures);
			}
		}
	}

	static String alone(Options options) throws Exception {
		try (Broker broker = broker(options)) {
			return alone(options, broker.seeds()).json("liftbridge-java", options.mode());
		}
	}

	private static Sample alone(Options options, String seeds) throws Exception {
		if (options.mode() == Mode.LISTENERS) {
			return new ListenersRound(options, seeds).run();
		}
		if (options.mode() == Mode.STARTUP || options.mode() == Mode.STARTUP_PLAIN) {
			return new StartRound(options, seeds).run();
		}
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(seeds).build()) {
			return new Rounds(options, client, seeds).run();
		}
	}

	private static Broker broker(Options options) throws IOException {
		boolean own = options.mode() == Mode.LISTENERS && options.seeds() == null;
		return own ? BrokerProcess.start() : Broker.of(options.seeds());
	}

}
