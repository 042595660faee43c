package io.liftbridge.spring.listener.crash;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.support.LiftbridgeHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills a {@link CrashedReplayer} at random points, until one comes to its end.
 */
final class ReplayRuns {

	private static final int LETTERS = 400;

	private static final int KILLS = 3;

	/** As many as are put back before they are marked. */
	private static final int BLOCK = 62;

	private static final String STREAM = "replayed";

	private final String address;

	private final Path directory;

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	ReplayRuns(String address, Path directory) {
		this.address = address;
		this.directory = directory;
	}

	/** None is lost, few come twice, and they are in their order but for those. */
	void check() throws Exception {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(this.address).build()) {
			client.streams().create(StreamSpec.named(STREAM));
			client.streams().create(StreamSpec.named(STREAM + ".dlt"));
			letters(client);
			for (int i = 0; i < KILLS; i++) {
				run(client, i, newest(client) + 30 + this.random.nextInt(50));
			}
			run(client, KILLS, Long.MAX_VALUE);
			List<String> back = client.reader()
				.read(STREAM, 0, StartPosition.earliest(), 10 * LETTERS, Duration.ofSeconds(30))
				.stream()
				.map(ReceivedMessage::text)
				.toList();
			assertThat(new LinkedHashSet<>(back)).as("seed %s", this.seed)
				.containsExactlyElementsOf(IntStream.range(0, LETTERS).mapToObj((i) -> "v" + i).toList());
			assertThat(back.size() - LETTERS).as("seed %s", this.seed).isBetween(0, KILLS * BLOCK);
		}
	}

	private static void letters(LiftbridgeClient client) {
		try (Producer producer = client.producer(STREAM + ".dlt").build()) {
			List<CompletableFuture<Ack>> acks = new ArrayList<>();
			for (int i = 0; i < LETTERS; i++) {
				acks.add(producer.send(Message.builder()
					.value("v" + i)
					.header(LiftbridgeHeaders.DLT_STREAM, STREAM)
					.header(LiftbridgeHeaders.DLT_PARTITION, "0")
					.header(LiftbridgeHeaders.DLT_OFFSET, Integer.toString(i))
					.build()));
			}
			acks.forEach(CompletableFuture::join);
		}
	}

	private static long newest(LiftbridgeClient client) {
		return client.streams().describePartition(STREAM, 0).newestOffset();
	}

	/** One run, until so many are put back. */
	private void run(LiftbridgeClient client, int number, long killedAt) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				CrashedReplayer.class.getName(), this.address, STREAM + ".dlt")
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("replay-" + number + ".log").toFile())
			.start();
		try {
			await().atMost(Duration.ofSeconds(60))
				.pollInterval(Duration.ofMillis(2))
				.until(() -> !process.isAlive() || newest(client) >= killedAt);
			assertThat(process.isAlive()).as("killed within the run, see %s", this.directory)
				.isEqualTo(killedAt != Long.MAX_VALUE);
		}
		finally {
			process.destroyForcibly();
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
		if (killedAt == Long.MAX_VALUE) {
			assertThat(process.exitValue()).as("see %s", this.directory).isZero();
		}
	}

}
