package io.liftbridge.spring.listener.rebalance;

import java.nio.file.Path;

import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The same as {@link RebalanceTests} with a real server.
 */
class RebalanceIT {

	@Test
	void eachPartitionIsWorkedByOneMemberAndNothingIsSkipped(@TempDir Path directory) throws Exception {
		assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		try (LiftbridgeServer server = LiftbridgeServer.builder()
			.cursorPartitions(1)
			.setting("groups.consumer.timeout", Rebalancing.MEMBER_TIMEOUT.toMillis() + "ms")
			.setting("groups.coordinator.timeout", Rebalancing.MEMBER_TIMEOUT.toMillis() + "ms")
			.start()) {
			new Rebalancing(server.address(), directory).run();
		}
	}

}
