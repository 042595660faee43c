package io.liftbridge.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A client that does its work in a process of its own and prints its figures.
 */
interface Contender {

	/** Whoever takes longer hangs. */
	long TIMEOUT_SECONDS = 900;

	/** What to start. */
	List<String> command(Options options, String seeds, String stream);

	default Sample run(Options options, String seeds, String stream) throws IOException, InterruptedException {
		List<String> line = command(options, seeds, stream);
		Process process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
		long start = System.nanoTime();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		int status = process.waitFor();
		if (status != 0) {
			boolean late = System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
			throw new IllegalStateException(
					"A client " + (late ? "took longer than " + TIMEOUT_SECONDS + " s" : "ended with status " + status)
							+ ": " + String.join(" ", line));
		}
		return Sample.parse(output);
	}

	/** This client, in a JVM of its own that warms up before it counts. */
	static Contender ours() {
		return (options, seeds, stream) -> {
			List<String> line = jvm(options, System.getProperty("java.class.path"));
			line.add(EndToEndBenchmark.class.getName());
			line.addAll(options.with("seeds", seeds).with("stream", stream).commandLine());
			return line;
		};
	}

	/** An executable with the parameters of the others, which needs no warming up. */
	static Contender peer(String executable) {
		return (options, seeds, stream) -> List.of(executable, "-mode", options.mode().plain().text(), "-servers",
				seeds, "-stream", stream, "-n", String.valueOf(options.n()), "-size", String.valueOf(options.size()),
				"-window", String.valueOf(options.window()));
	}

	/** The bare loop, in a JVM like ours with as many rounds. */
	static Contender limit(String classPath) {
		return (options, seeds, stream) -> {
			List<String> line = jvm(options, classPath);
			line.addAll(List.of("Limit", seeds, options.mode().plain().text(), stream, String.valueOf(options.n()),
					String.valueOf(options.size()), String.valueOf(options.window()),
					String.valueOf(options.rounds())));
			return line;
		};
	}

	/** Gufo's client. */
	static Contender gufo(String python, String script) {
		return (options, seeds, stream) -> List.of(python, script, options.mode().plain().text(), seeds, stream,
				String.valueOf(options.n()), String.valueOf(options.size()));
	}

	private static List<String> jvm(Options options, String classPath) {
		List<String> line = new ArrayList<>();
		line.add(System.getProperty("java.home") + "/bin/java");
		String flags = options.text("jvm", "");
		if (!flags.isEmpty()) {
			line.addAll(List.of(flags.split(",")));
		}
		line.addAll(List.of("-cp", classPath));
		return line;
	}

}
