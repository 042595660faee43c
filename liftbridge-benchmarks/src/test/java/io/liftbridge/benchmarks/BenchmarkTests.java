package io.liftbridge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The benchmark does what its options say, whatever the figures are.
 */
class BenchmarkTests {

	@ParameterizedTest
	@CsvSource({ "publish,consume,none,zeros", "entries-publish,entries-consume,none,zeros",
			"entries-publish,entries-consume,zstd:1,json", "bulk,consume,none,zeros", "template,consume,none,zeros",
			"latency,consume,none,json", "heap,consume,none,zeros", "publish,sink,none,zeros",
			"entries-publish,sink-entries,none,zeros", "rows,rows,none,json" })
	void writesAndReads(String write, String read, String compression, String values) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			Options options = Options.parse("--seeds", broker.address(), "--n", "500", "--compression", compression,
					"--values", values, "--mode", write, "--database", "jdbc:h2:mem:benchmark");
			Sample written = Sample.parse(EndToEndBenchmark.alone(options));
			Sample got = Sample.parse(EndToEndBenchmark.alone(options.with("mode", read)));
			assertThat(written.get(Figure.RATE)).isPositive();
			assertThat(written.get(Figure.CPU)).isNotNegative();
			assertThat(got.figures()).containsEntry("n", 500.0);
			assertThat(got.get(Figure.ALLOCATED)).isPositive();
		}
	}

	@ParameterizedTest
	@CsvSource({ "bytes,BATCH", "text,record" })
	void readsByAListener(String payload, String ack) throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			Options options = Options.parse("--seeds", broker.address(), "--n", "500", "--payload", payload, "--ack",
					ack, "--rounds", "2", "--mode", "listener");
			EndToEndBenchmark.alone(options.with("mode", "publish").with("rounds", "1"));
			for (String mode : List.of("listener", "consume")) {
				Sample got = Sample.parse(EndToEndBenchmark.alone(options.with("mode", mode)));
				assertThat(got.figures()).containsEntry("n", 500.0);
				assertThat(got.get(Figure.CPU)).isNotNegative();
				Options late = options.with("mode", mode).with("unmeasured", "100");
				assertThat(Sample.parse(EndToEndBenchmark.alone(late)).figures()).containsEntry("n", 400.0);
			}
		}
	}

	@Test
	void refusesToLeaveOutAllThatIsRead() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Options.parse("--mode", "consume", "--n", "10", "--unmeasured", "10"))
			.withMessageContaining("--unmeasured is 10");
	}

	@Test
	void measuresManyListeners() throws Exception {
		Sample sample = Sample.parse(EndToEndBenchmark
			.alone(Options.parse("--mode", "listeners", "--n", "5", "--size", "8", "--idle", "1")));
		assertThat(sample.figures()).containsEntry("n", 5.0)
			.containsKeys("startSeconds", "stopSeconds", "idleCpuPercent", "heapPerListenerKiB");
		assertThat(sample.get("threadsAtWork")).isPositive();
	}

	@Test
	void measuresTheStartWithTheStarterAndWithoutIt() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start()) {
			Options options = Options.parse("--seeds", broker.address(), "--mode", "startup");
			Sample with = Sample.parse(EndToEndBenchmark.alone(options));
			Sample without = Sample.parse(EndToEndBenchmark.alone(options.with("mode", "startup-plain")));
			assertThat(with.get("startMillis")).isPositive();
			assertThat(with.get("beans")).isGreaterThan(without.get("beans"));
		}
	}

	@Test
	void readsWhatPeersPrint() {
		Sample sample = Sample
			.parse("{\"peer\": \"x1\", \"n\": 2000, \"rate\":4.5e+04,\"cpuSeconds\":0.010,\"p99us\":7.5}");
		assertThat(sample.get(Figure.RATE)).isEqualTo(45_000);
		assertThat(sample.get(Figure.CPU)).isEqualTo(5);
		assertThat(sample.get(Figure.P99)).isEqualTo(7.5);
		assertThat(sample.has(Figure.P50)).isFalse();
	}

	@Test
	void aFigureThatAPeerDoesNotPrintIsNoZero() {
		Sample sample = Sample.parse("{\"peer\":\"x\",\"cpuSeconds\":0.5}");
		for (Figure figure : new Figure[] { Figure.RATE, Figure.CPU }) {
			assertThatIllegalStateException().isThrownBy(() -> sample.get(figure))
				.withMessageContaining("no figure '" + ((figure == Figure.RATE) ? "rate" : "n") + "'");
		}
	}

	@Test
	void aClientThatFailsIsNamedWithItsStatus() {
		assertThatIllegalStateException()
			.isThrownBy(() -> Contender.peer("false").run(Options.parse("--mode", "publish"), "localhost:9292", "s"))
			.withMessageContaining("ended with status 1: false -mode publish");
	}

	@Test
	void aContestDeletesItsOwnStreamsOnly() throws Exception {
		try (EmbeddedBroker broker = EmbeddedBroker.start();
				LiftbridgeClient client = LiftbridgeClient.builder().seeds(broker.address()).build()) {
			client.streams().create(StreamSpec.named("orders"));
			client.streams().create(StreamSpec.named("orders-eu"));
			List<String> written = new ArrayList<>();
			Contest contest = new Contest("Written");
			contest.add("writer", new Contender() {

				@Override
				public List<String> command(Options options, String seeds, String stream) {
					return List.of();
				}

				@Override
				public Sample run(Options options, String seeds, String stream) {
					written.add(stream + "1");
					client.streams().create(StreamSpec.named(stream + "1"));
					return new Sample().with(Figure.RATE.key(), 1);
				}

			}, Options.parse("--mode", "publish"));
			contest.run(broker.address(), "orders", 2);
			assertThat(written).hasSize(2).doesNotHaveDuplicates();
			assertThat(client.streams().list()).extracting(StreamInfo::name)
				.filteredOn((name) -> !name.startsWith("__"))
				.containsExactlyInAnyOrder("orders", "orders-eu");
		}
	}

	@Test
	void tellsWhetherATargetIsMetByTheMedianOfTheRatios() {
		assertThat(Target.atLeast("rate", 1.2, 1.1, 1.3, 1.25).row())
			.isEqualTo("| rate | ≥ 1.2 | 1.25 (1.10 - 1.30) | yes |\n");
		assertThat(Target.atMost("CPU", 0.6, 0.5, 0.7, 0.8).row())
			.isEqualTo("| CPU | ≤ 0.6 | 0.70 (0.50 - 0.80) | no |\n");
	}

	@Test
	void replacesOnlyWhatIsBetweenTheMarks(@TempDir Path folder) throws IOException {
		Path file = folder.resolve("benchmarks.md");
		Files.writeString(file, "# Before\n" + Document.BEGIN + "old\n" + Document.END + "after\n");
		Document.write(file, "new");
		assertThat(file).hasContent("# Before\n" + Document.BEGIN + "\nnew\n\n" + Document.END + "after\n");
	}

	@Test
	void leavesAFileWithoutMarksAsItIs(@TempDir Path folder) throws IOException {
		Path file = Files.writeString(folder.resolve("benchmarks.md"), "mine");
		assertThatIllegalArgumentException().isThrownBy(() -> Document.write(file, "new"))
			.withMessageContaining("<!-- figures -->");
		assertThat(file).hasContent("mine");
	}

	@ParameterizedTest
	@CsvSource({ "--mode,fast,'''fast'''", "--n,0,--n", "--pairs,x,'''x'''", "--colour,red,'''--colour'''",
			"--compression,ZIP,'''ZIP'''", "--values,noise,--values", "--payload,json,--payload",
			"--ack,MANUAL,--ack" })
	void refusesWhatItDoesNotUnderstand(String name, String value, String named) {
		assertThatException().isThrownBy(() -> Options.parse(name, value)).withMessageContaining(named);
	}

	@ParameterizedTest
	@CsvSource({ "64", "256", "1024" })
	void makesRecordsOfTheLengthAskedFor(int size) {
		Values values = Values.of(Options.parse("--values", "json", "--size", String.valueOf(size)));
		assertThat(values.get(1)).hasSize(size).isNotEqualTo(values.get(2)).startsWith("{\"id\":".getBytes());
		assertThat(new String(values.get(3))).endsWith("]}");
	}

}
