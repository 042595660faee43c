package io.liftbridge.test.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Assumptions;

/**
 * A member of a group that is written in Go.
 */
final class GoMember implements AutoCloseable {

	private static final Pattern MESSAGE = Pattern.compile("\"event\":\"message\".*\"value\":\"([^\"]*)\"");

	private final AtomicInteger processed = new AtomicInteger();

	private final CountDownLatch joined = new CountDownLatch(1);

	private final Process process;

	GoMember(Path executable, String broker, String group, Map<String, AtomicInteger> counts) throws IOException {
		this.process = new ProcessBuilder(executable.toString(), broker, group, "orders")
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		Thread reader = new Thread(() -> read(counts), "go-member");
		reader.setDaemon(true);
		reader.start();
	}

	/** Builds it with the Go tools on the path, or skips the test and says why. */
	static Path build() throws IOException, InterruptedException {
		Path sources = Path.of("src/test/go/group-member").toAbsolutePath();
		Path executable = Path.of("target/group-member").toAbsolutePath();
		Path log = Path.of("target/group-member.log").toAbsolutePath();
		Files.createDirectories(log.getParent());
		int result;
		try {
			Process build = new ProcessBuilder("go", "build", "-o", executable.toString(), ".")
				.directory(sources.toFile())
				.redirectErrorStream(true)
				.redirectOutput(log.toFile())
				.start();
			Assumptions.assumeTrue(build.waitFor(150, TimeUnit.SECONDS), "go build takes too long");
			result = build.exitValue();
		}
		catch (IOException ex) {
			result = -1;
			Assumptions.abort("No Go tools on the PATH: " + ex.getMessage());
		}
		Assumptions.assumeTrue(result == 0, "go build failed, see " + log);
		return executable;
	}

	private void read(Map<String, AtomicInteger> counts) {
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(this.process.getInputStream(), StandardCharsets.UTF_8))) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				Matcher message = MESSAGE.matcher(line);
				if (message.find()) {
					counts.computeIfAbsent(message.group(1), (key) -> new AtomicInteger()).incrementAndGet();
					this.processed.incrementAndGet();
				}
				else if (line.contains("joined")) {
					this.joined.countDown();
				}
			}
		}
		catch (IOException ex) {
			// It has ended.
		}
	}

	boolean hasJoined() {
		return this.joined.getCount() == 0;
	}

	int processed() {
		return this.processed.get();
	}

	/** Ends it at once. */
	void kill() throws InterruptedException {
		this.process.destroyForcibly().waitFor();
	}

	/** Lets it leave in good order. */
	@Override
	public void close() throws IOException, InterruptedException {
		this.process.getOutputStream().close();
		if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
			this.process.destroyForcibly();
		}
	}

}
