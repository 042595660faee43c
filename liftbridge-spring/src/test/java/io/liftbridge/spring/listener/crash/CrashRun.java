package io.liftbridge.spring.listener.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Kills a {@link CrashedListener} again and again at random points, and tells what each
 * of its lives has processed.
 */
final class CrashRun {

	static final int MESSAGES = 400;

	private static final int KILLS = 3;

	private static final int ARRIVING = 100;

	private final String address;

	private final String stream;

	private final String kind;

	private final String mode;

	private final Path journal;

	private final long seed = System.nanoTime();

	private final Random random = new Random(this.seed);

	CrashRun(String address, String stream, String kind, String mode, Path directory) {
		this.address = address;
		this.stream = stream;
		this.kind = kind;
		this.mode = mode;
		this.journal = directory.resolve(stream + ".journal");
	}

	/** Kills and restarts until everything is processed. */
	List<Life> run() throws Exception {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(this.address).build();
				Producer producer = client.producer(this.stream).build()) {
			client.streams().create(StreamSpec.named(this.stream));
			for (int i = 0; i < KILLS; i++) {
				publish(producer);
				live(ARRIVING / 4 + this.random.nextInt(ARRIVING / 2), true);
			}
			publish(producer);
			live(0, false);
		}
		return lives();
	}

	private static void publish(Producer producer) {
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		for (int i = 0; i < ARRIVING; i++) {
			acks.add(producer.send(Message.builder().value("m").build()));
		}
		acks.forEach(CompletableFuture::join);
	}

	/** One life, until it has done so many messages, or the last one. */
	private void live(int messages, boolean killed) throws Exception {
		int lives = lives().size();
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"),
				CrashedListener.class.getName(), this.address, this.stream, this.kind, this.mode,
				this.journal.toString())
			.redirectErrorStream(true)
			.redirectOutput(this.journal.resolveSibling(this.stream + "-" + lives + ".log").toFile())
			.start();
		try {
			await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(2)).until(() -> {
				assertThat(process.isAlive()).as("see " + this.journal.getParent()).isTrue();
				List<Life> present = lives();
				if (present.size() <= lives) {
					return false;
				}
				List<Long> done = present.get(lives).done();
				return killed ? done.size() >= messages : done.contains(MESSAGES - 1L);
			});
			// Anywhere within a message, and not just where one begins.
			LockSupport.parkNanos(this.random.nextInt(CrashedListener.WORK_NANOS));
		}
		finally {
			// SIGKILL, also in the end: nothing is stored for having been stopped.
			process.destroyForcibly();
			assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	private List<Life> lives() {
		List<Life> lives = new ArrayList<>();
		if (!Files.exists(this.journal)) {
			return lives;
		}
		try {
			for (String line : Files.readAllLines(this.journal)) {
				String[] words = line.split(" ");
				long number = Long.parseLong(words[1]);
				switch (words[0]) {
					case "start" -> lives.add(new Life(number, new ArrayList<>(), new ArrayList<>()));
					case "done" -> lives.get(lives.size() - 1).done().add(number);
					default -> lives.get(lives.size() - 1).acknowledged().add(number);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return lives;
	}

	/** No gap, ever; and each life begins behind what was stored in the one before. */
	void check(List<Life> lives) {
		assertThat(lives).as("seed %s", this.seed).hasSize(KILLS + 1);
		long furthest = -1;
		for (Life life : lives) {
			long first = this.mode.equals("NONE") ? 0 : life.stored() + 1;
			assertThat(life.stored()).isLessThanOrEqualTo(furthest);
			assertThat(life.done()).as("seed %s", this.seed)
				.containsExactlyElementsOf(LongStream.range(first, first + life.done().size()).boxed().toList());
			furthest = Math.max(furthest, life.done().get(life.done().size() - 1));
		}
		assertThat(furthest).isEqualTo(MESSAGES - 1);
	}

	/**
	 * What happened between a start and its end by force.
	 *
	 * @param stored the stored position at the beginning
	 * @param done offsets, in the order of their processing
	 * @param acknowledged offsets, in the order of their acknowledgment
	 */
	record Life(long stored, List<Long> done, List<Long> acknowledged) {

	}

}
