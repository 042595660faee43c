package io.liftbridge.benchmarks.micro;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs JMH with the allocation profile on; takes JMH's own options.
 */
public final class MicroBenchmarks {

	private MicroBenchmarks() {
	}

	/**
	 * Runs the benchmarks.
	 * @param args options of JMH
	 * @throws Exception if they cannot be run
	 */
	public static void main(String[] args) throws Exception {
		new Runner(new OptionsBuilder().parent(new CommandLineOptions(args)).addProfiler(GCProfiler.class).build())
			.run();
	}

}
