package io.liftbridge.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Runs this client and a peer in turn on the same broker and prints medians, extremes and
 * the ratios pair by pair: a machine whose speed drifts disturbs a ratio less than a
 * figure.
 */
final class Comparison {

	private static final int WARM_UP_ROUNDS = 3;

	private final Options options;

	private final Peer peer;

	private final String seeds;

	Comparison(Options options, Peer peer, String seeds) {
		this.options = options;
		this.peer = peer;
		this.seeds = seeds;
	}

	void run(int pairs, PrintStream out) throws Exception {
		List<Peer.Sample> ours = new ArrayList<>();
		List<Peer.Sample> theirs = new ArrayList<>();
		boolean consume = this.options.mode() == Options.Mode.CONSUME;
		String filled = this.options.stream() + "-filled";
		if (consume) {
			EndToEndBenchmark.run(this.options.with(Options.Mode.PUBLISH, this.seeds, filled));
		}
		for (int round = 1 - WARM_UP_ROUNDS; round <= pairs; round++) {
			String suffix = "-" + (round + WARM_UP_ROUNDS);
			String stream = consume ? filled : this.options.stream() + "-a" + suffix;
			Peer.Sample our = Peer.Sample.parse(
					EndToEndBenchmark.run(this.options.with(this.options.mode(), this.seeds, stream)).json(),
					this.options.n());
			if (round >= 1) {
				ours.add(our);
				theirs.add(this.peer.run(this.options, this.seeds,
						consume ? filled : this.options.stream() + "-b" + suffix));
			}
		}
		out.printf(Locale.ROOT, "%s, %d messages of %d bytes, window %d, %d pairs%n", this.options.mode(),
				this.options.n(), this.options.size(), this.options.window(), pairs);
		out.println("| | liftbridge-java median (min - max) | peer median (min - max) | ratio of pairs, median |");
		out.println("|---|---|---|---|");
		print(out, "messages per second", ours, theirs, Peer.Sample::rate);
		print(out, "client CPU, us per message", ours, theirs, Peer.Sample::cpuMicros);
		if (this.options.mode() == Options.Mode.LATENCY) {
			print(out, "p50, us", ours, theirs, Peer.Sample::p50);
			print(out, "p99, us", ours, theirs, Peer.Sample::p99);
		}
	}

	private static void print(PrintStream out, String what, List<Peer.Sample> ours, List<Peer.Sample> theirs,
			ToDoubleFunction<Peer.Sample> figure) {
		double[] ratios = new double[ours.size()];
		for (int i = 0; i < ratios.length; i++) {
			ratios[i] = figure.applyAsDouble(ours.get(i)) / figure.applyAsDouble(theirs.get(i));
		}
		out.printf(Locale.ROOT, "| %s | %s | %s | %.2f |%n", what, range(ours.stream().mapToDouble(figure).toArray()),
				range(theirs.stream().mapToDouble(figure).toArray()), median(ratios));
	}

	private static String range(double[] values) {
		Arrays.sort(values);
		String format = (values[0] < 100) ? "%.1f (%.1f - %.1f)" : "%.0f (%.0f - %.0f)";
		return String.format(Locale.ROOT, format, median(values), values[0], values[values.length - 1]);
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		int middle = sorted.length / 2;
		return (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
	}

}
