package io.liftbridge.test.client;

import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Assumptions;

/**
 * The scenarios on a real server.
 */
class RealServerGroupConsumerIT extends GroupConsumerScenarios {

	private LiftbridgeServer server;

	@Override
	String startBroker() {
		Assumptions.assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		this.server = LiftbridgeServer.builder()
			.setting("groups.consumer.timeout", MEMBER_TIMEOUT.toMillis() + "ms")
			.setting("groups.coordinator.timeout", MEMBER_TIMEOUT.toMillis() + "ms")
			.start();
		return this.server.address();
	}

	@Override
	void crashBroker() {
		this.server.kill();
	}

	@Override
	void restartBroker() {
		this.server.restart();
	}

	@Override
	void closeBroker() {
		if (this.server != null) {
			this.server.close();
		}
	}

}
