package io.liftbridge.test.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** A real server with narrow limits, and streams that lift them. */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class RealServerLimitsIT {

	private static final Duration LONG = Duration.ofSeconds(60);

	@Test
	void zeroMeansNoLimitWhateverItsConfigurationSays() {
		try (LiftbridgeServer server = LiftbridgeServer.builder()
			.setting("streams.retention.max.age", "2s")
			.setting("streams.retention.max.bytes", "2000")
			.setting("streams.retention.max.messages", "2")
			.setting("streams.segment.max.bytes", "500")
			.setting("streams.segment.max.age", "1s")
			.setting("streams.cleaner.interval", "500ms")
			.setting("streams.auto.pause.time", "2s")
			.start(); LiftbridgeClient client = LiftbridgeClient.builder().seeds(server.address()).build()) {
			client.streams().create(StreamSpec.named("limited"));
			client.streams()
				.create(StreamSpec.named("kept")
					.retention(Duration.ZERO)
					.retentionBytes(0)
					.retentionMessages(0)
					.segmentAge(Duration.ZERO)
					.autoPause(Duration.ZERO));
			fill(client, "kept");
			fill(client, "limited");
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(client.streams().describe("limited").partitions().get(0).pausedOnce())
					.isTrue());
			assertThat(first(client, "limited")).isPositive();
			assertThat(first(client, "kept")).isZero();
			assertThat(client.streams().describe("kept").partitions().get(0).pausedOnce()).isFalse();
		}
	}

	/** The server adds names to each message before it compares it with its limit. */
	@Test
	void chunksFitUnderTheLimitWithLongNames() {
		String stream = "s".repeat(150);
		try (LiftbridgeServer server = LiftbridgeServer.builder()
			.setting("clustering.namespace", "n".repeat(100))
			.start(); LiftbridgeClient client = LiftbridgeClient.builder().seeds(server.address()).build()) {
			client.streams().create(StreamSpec.named(stream));
			try (Producer producer = client.producer(stream).largeMessages(8 << 20).build()) {
				for (int size : new int[] { (1 << 20) - 200, (1 << 20) - 64, 3 << 20 }) {
					long offset = producer.sendAndWait(Message.of("k", new byte[size]), LONG).offset();
					assertThat(client.reader().read(stream, 0, offset, LONG).value()).hasSize(size);
				}
			}
		}
	}

	private static void fill(LiftbridgeClient client, String stream) {
		try (Producer producer = client.producer(stream).build()) {
			for (int i = 0; i < 30; i++) {
				producer.sendAndWait(Message.of("k", "x".repeat(400).getBytes(StandardCharsets.UTF_8)), LONG);
			}
		}
	}

	/** Reading resumes a partition that has paused. */
	private static long first(LiftbridgeClient client, String stream) {
		try (var consumer = client.consumer(stream)
			.from(StartPosition.earliest())
			.resumePaused(true)
			.until(StopPosition.latest())
			.open()) {
			return consumer.stream().mapToLong(ReceivedMessage::offset).min().orElseThrow();
		}
	}

}
