package io.liftbridge.test.client;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that goes for good and a new one that joins, while messages flow.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class BrokerReplacementIT {

	private static final Duration LONG = Duration.ofSeconds(90);

	private final String stream = "orders-" + UUID.randomUUID();

	@Test
	void clientGoesOnWithABrokerThatItsSeedsDoNotName() throws Exception {
		// The servers list their fellows from memory, by default for two minutes.
		try (LiftbridgeCluster cluster = LiftbridgeCluster.builder().setting("metadata.cache.max.age", "3s").start();
				LiftbridgeClient client = LiftbridgeClient.builder()
					.seeds(cluster.addresses())
					.requestTimeout(LONG)
					.metadataRefreshInterval(Duration.ofSeconds(2))
					.build()) {
			client.streams().create(StreamSpec.named(this.stream).partitions(2).replicationFactor(3).minIsr(2));
			MessageFlow flow = new MessageFlow(client, this.stream, 2);
			flow.during(() -> {
				String leader = leader(client, this.stream);
				cluster.remove(leader);
				flow.awaitAcknowledged(300);
				LiftbridgeServer added = cluster.add();
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(client.brokers())
						.filteredOn((broker) -> broker.state() == BrokerStatus.State.UP)
						.extracting(BrokerStatus::id)
						.contains(added.id()));
				assertThat(leader(client, this.stream)).isNotEqualTo(leader);
				flow.awaitAcknowledged(300);
				useStreamOf(added, client);
			});
		}
	}

	/** Where a stream goes is up to the server. */
	private static void useStreamOf(LiftbridgeServer server, LiftbridgeClient client) {
		String own = await().atMost(LONG).ignoreExceptions().until(() -> {
			String name = "of-" + server.id() + "-" + UUID.randomUUID();
			client.streams().create(StreamSpec.named(name));
			return name;
		}, (name) -> server.id().equals(leader(client, name)));
		try (Producer producer = client.producer(own).build()) {
			producer.sendAndWait(Message.of("k", "v"), LONG);
		}
		List<?> read = client.reader().read(own, 0, StartPosition.earliest(), 1, LONG);
		assertThat(read).hasSize(1);
	}

	private static String leader(LiftbridgeClient client, String stream) {
		return client.streams().describe(stream).partitions().get(0).leader();
	}

}
