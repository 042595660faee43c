package io.liftbridge.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import org.jspecify.annotations.Nullable;

/**
 * The clients of others that this run has; those that it lacks are named with the reason.
 *
 * @param go go-liftbridge
 * @param limit the bare loop
 * @param gufo Gufo
 */
record Peers(@Nullable Contender go, @Nullable Contender limit, @Nullable Contender gufo) {

	static Peers of(Options options) throws IOException, InterruptedException {
		return new Peers(
				options.has("peer") ? Contender.peer(options.text("peer", "")) : missing("go-liftbridge, --peer"),
				options.has("limit") ? limit(Path.of(options.text("limit", ""))) : missing("the bare loop, --limit"),
				options.has("gufo") ? gufo(options.text("python", "python3"), options.text("gufo", ""))
						: missing("Gufo, --gufo"));
	}

	/** The benchmark's own jar has all that it imports, gRPC's shaded Netty, too. */
	private static Contender limit(Path source) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		if (compiler == null) {
			throw new IllegalArgumentException("--limit needs a JDK: this Java has no compiler");
		}
		Path classes = Files.createTempDirectory("liftbridge-limit");
		classes.toFile().deleteOnExit();
		String classPath = System.getProperty("java.class.path");
		int status = compiler.run(null, System.err, System.err, "-d", classes.toString(), "-cp", classPath,
				source.toString());
		if (status != 0) {
			throw new IllegalArgumentException("--limit " + source + " cannot be compiled");
		}
		return Contender.limit(classes + File.pathSeparator + classPath);
	}

	private static @Nullable Contender gufo(String python, String script) throws IOException, InterruptedException {
		Process check = new ProcessBuilder(python, "-c", "import gufo.liftbridge").inheritIO().start();
		return (check.waitFor() == 0) ? Contender.gufo(python, script)
				: missing("Gufo: '" + python + "' cannot import gufo.liftbridge");
	}

	private static @Nullable Contender missing(String what) {
		System.err.append("Skipped: ").append(what).append('\n');
		return null;
	}

}
