package io.liftbridge.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The packaged application, processed ahead of time, on the JVM that runs this test. For
 * builds with the profile {@code aot}.
 */
class AheadOfTimeIT {

	private static final Pattern PAGE = Pattern.compile("The page is at http://localhost:(\\d+)/");

	private static final String INITIALIZER = "SampleApplication__ApplicationContextInitializer.class";

	@TempDir
	private Path directory;

	@BeforeEach
	void isProcessed() {
		Assumptions.assumeTrue(Files.exists(Path.of("target/classes/io/liftbridge/sample", INITIALIZER)),
				"the application was not processed ahead of time: build it with -Paot");
	}

	@ParameterizedTest
	@ValueSource(strings = { "false", "true" })
	void startsAndListens(String virtualThreads) throws Exception {
		Process process = start("-Dspring.threads.virtual.enabled=" + virtualThreads);
		try {
			Api api = new Api(port(process));
			await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(() -> {
				assertThat(api.get("/actuator/health").status()).isEqualTo(200);
				assertThat(api.get("/actuator/liftbridge").json().path("listeners").valueStream()).isNotEmpty()
					.allSatisfy((listener) -> assertThat(listener.path("state").asString()).isEqualTo("RUNNING"));
				assertThat(positions(api, "live")).as("readings that came").anyMatch((position) -> position >= 0);
			});
		}
		finally {
			process.destroy();
			assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
		}
	}

	private static List<Long> positions(Api api, String listener) throws Exception {
		return api.get("/actuator/liftbridge/" + listener)
			.json()
			.path("partitions")
			.valueStream()
			.map((partition) -> partition.path("position").asLong(-1))
			.toList();
	}

	/** What would help nobody if it only passed because nothing was generated. */
	@Test
	void wasReallyProcessed() throws IOException {
		try (Stream<Path> classes = Files.walk(Path.of("target", "classes"))) {
			assertThat(classes.filter((path) -> path.toString().endsWith("__BeanDefinitions.class"))).isNotEmpty();
		}
	}

	private Process start(String option) throws IOException {
		Path java = Path.of(System.getProperty("java.home"), "bin", "java");
		return new ProcessBuilder(List.of(java.toString(), "-Dspring.aot.enabled=true", option, "-jar",
				jar().toAbsolutePath().toString(), "--server.port=0"))
			.directory(this.directory.toFile())
			.redirectErrorStream(true)
			.start();
	}

	private static Path jar() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("target"))) {
			return files.filter((file) -> file.getFileName().toString().matches("sample-app-.*\\.jar"))
				.findFirst()
				.orElseThrow(() -> new IllegalStateException("The application is not packaged"));
		}
	}

	/** Reads on, so that the application can write. */
	private static int port(Process process) throws Exception {
		CompletableFuture<Integer> port = new CompletableFuture<>();
		StringBuilder all = new StringBuilder();
		CompletableFuture.runAsync(() -> {
			try (BufferedReader output = new BufferedReader(
					new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
				output.lines().forEach((line) -> {
					all.append(line).append('\n');
					Matcher found = PAGE.matcher(line);
					if (found.find()) {
						port.complete(Integer.valueOf(found.group(1)));
					}
				});
			}
			catch (IOException ex) {
				// It has ended.
			}
			port.completeExceptionally(new IllegalStateException("The application has ended:\n" + all));
		});
		return port.get(90, TimeUnit.SECONDS);
	}

}
