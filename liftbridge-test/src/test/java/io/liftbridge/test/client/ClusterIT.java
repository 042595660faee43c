package io.liftbridge.test.client;

import java.time.Duration;
import java.util.UUID;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeCluster;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client must come through when brokers of a replicated cluster die, hang and come
 * back while it publishes and reads.
 */
@EnabledIf(value = "io.liftbridge.test.LiftbridgeServer#isAvailable",
		disabledReason = "no liftbridge server: LIFTBRIDGE_SERVER names none, and there is none on the PATH")
class ClusterIT {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final int PARTITIONS = 2;

	private static LiftbridgeCluster cluster;

	private final String stream = "orders-" + UUID.randomUUID();

	private LiftbridgeClient client;

	private MessageFlow flow;

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
		this.client = LiftbridgeClient.builder().seeds(cluster.addresses()).requestTimeout(LONG).build();
		this.client.streams()
			.create(StreamSpec.named(this.stream).partitions(PARTITIONS).replicationFactor(3).minIsr(2));
		this.flow = new MessageFlow(this.client, this.stream, PARTITIONS);
	}

	@AfterEach
	void disconnect() {
		cluster.servers().forEach(LiftbridgeServer::resume);
		if (this.client != null) {
			this.client.close();
		}
	}

	@Test
	void aLeaderThatIsKilledTakesNothingAlong() throws Exception {
		this.flow.during(() -> {
			LiftbridgeServer leader = leader();
			leader.kill();
			this.flow.awaitAcknowledged(500);
			assertThat(leader()).isNotEqualTo(leader);
			awaitState(leader, BrokerStatus.State.DOWN);
			leader.start();
			this.flow.awaitAcknowledged(500);
			awaitState(leader, BrokerStatus.State.UP);
		});
	}

	@Test
	void aLeaderThatHangsAndGoesOnTakesNothingAlong() throws Exception {
		this.flow.during(() -> {
			LiftbridgeServer leader = leader();
			leader.pause();
			this.flow.awaitAcknowledged(500);
			leader.resume();
			this.flow.awaitAcknowledged(500);
			awaitState(leader, BrokerStatus.State.UP);
		});
	}

	@Test
	void brokersAreReplacedOneAfterTheOther() throws Exception {
		this.flow.during(() -> {
			for (LiftbridgeServer server : cluster.servers()) {
				server.stop();
				this.flow.awaitAcknowledged(300);
				server.start();
				awaitInSync();
				this.flow.awaitAcknowledged(300);
			}
		});
	}

	private LiftbridgeServer leader() {
		String id = this.client.streams().describe(this.stream).partitions().get(0).leader();
		assertThat(id).isNotNull();
		return cluster.server(id);
	}

	private void awaitState(LiftbridgeServer server, BrokerStatus.State state) {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.brokers()).filteredOn((b) -> b.id().equals(server.id()))
				.extracting(BrokerStatus::state)
				.containsExactly(state));
	}

	private void awaitInSync() {
		await().atMost(LONG)
			.ignoreExceptions()
			.untilAsserted(() -> assertThat(this.client.streams().describe(this.stream).partitions())
				.extracting(PartitionInfo::isr)
				.allMatch((isr) -> isr.size() == 3));
	}

}
