package io.liftbridge.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Another client that does the same work in a process of its own and prints the same
 * line.
 *
 * @param command its executable
 */
record Peer(String command) {

	private static final long TIMEOUT_SECONDS = 300;

	Sample run(Options options, String seeds, String stream) throws IOException, InterruptedException {
		List<String> line = List.of(this.command, "-mode", options.mode().name().toLowerCase(Locale.ROOT), "-servers",
				seeds, "-stream", stream, "-n", String.valueOf(options.n()), "-size", String.valueOf(options.size()),
				"-window", String.valueOf(options.window()));
		Process process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String output = new String(process.getInputStream().readAllBytes());
		if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
			process.destroyForcibly();
			throw new IllegalStateException("The peer failed: " + String.join(" ", line));
		}
		return Sample.parse(output, options.n());
	}

	/**
	 * What one run gave.
	 *
	 * @param rate messages per second
	 * @param cpuMicros processor time per message, in microseconds
	 * @param p50 median latency in microseconds, 0 where it was not measured
	 * @param p99 99th percentile in microseconds, 0 where it was not measured
	 */
	record Sample(double rate, double cpuMicros, double p50, double p99) {

		static Sample parse(String json, int n) {
			return new Sample(number(json, "rate"), number(json, "cpuSeconds") * 1e6 / n, number(json, "p50us"),
					number(json, "p99us"));
		}

		private static double number(String json, String key) {
			Matcher matcher = Pattern.compile("\"" + key + "\":([0-9.eE+-]+)").matcher(json);
			return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
		}

	}

}
