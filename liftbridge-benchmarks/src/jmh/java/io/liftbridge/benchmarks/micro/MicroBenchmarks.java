package io.liftbridge.benchmarks.micro;

import java.util.stream.Stream;

import org.openjdk.jmh.Main;

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
		Main.main(Stream.concat(Stream.of(args), Stream.of("-prof", "gc")).toArray(String[]::new));
	}

}
