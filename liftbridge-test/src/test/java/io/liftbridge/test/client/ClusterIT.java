package io.liftbridge.test.client;

import java.time.Duration;

import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.test.LiftbridgeServer;
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
class ClusterIT extends ReplicatedStreamTest {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final int PARTITIONS = 2;

	private MessageFlow flow;

	ClusterIT() {
		super(LONG);
	}

	@Override
	StreamSpec describe(StreamSpec spec) {
		return spec.partitions(PARTITIONS);
	}

	@BeforeEach
	void createFlow() {
		this.flow = new MessageFlow(this.client, this.stream, PARTITIONS);
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

	private void awaitState(LiftbridgeServer server, BrokerStatus.State state) {
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.client.brokers()).filteredOn((b) -> b.id().equals(server.id()))
				.extracting(BrokerStatus::state)
				.containsExactly(state));
	}

}
