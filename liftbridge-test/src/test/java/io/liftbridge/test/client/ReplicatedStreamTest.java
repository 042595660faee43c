package io.liftbridge.test.client;

import java.time.Duration;
import java.util.UUID;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A stream of its own for each test, on three brokers that die, hang and come back.
 */
abstract class ReplicatedStreamTest {

	static LiftbridgeCluster cluster;

	final String stream = "orders-" + UUID.randomUUID();

	private final Duration patience;

	LiftbridgeClient client;

	ReplicatedStreamTest(Duration patience) {
		this.patience = patience;
	}

	/** What the stream is like, besides being on all brokers. */
	abstract StreamSpec describe(StreamSpec spec);

	@BeforeAll
	static void startCluster() {
		cluster = LiftbridgeCluster.builder().start();
	}

	@AfterAll
	static void closeCluster() {
		if (cluster != null) {
			cluster.close();
		}
	}

	@BeforeEach
	void connect() {
		cluster.start();
		this.client = LiftbridgeClient.builder().seeds(cluster.addresses()).requestTimeout(this.patience).build();
		this.client.streams().create(describe(StreamSpec.named(this.stream).replicationFactor(3).minIsr(2)));
	}

	@AfterEach
	void disconnect() {
		cluster.servers().forEach(LiftbridgeServer::resume);
		if (this.client != null) {
			this.client.close();
		}
	}

	LiftbridgeServer leader() {
		String id = this.client.streams().describe(this.stream).partitions().get(0).leader();
		assertThat(id).isNotNull();
		return cluster.server(id);
	}

	void awaitInSync() {
		await().atMost(this.patience)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(this.client.streams().describe(this.stream).partitions())
				.extracting(PartitionInfo::isr)
				.allMatch((isr) -> isr.size() == 3));
	}

}
