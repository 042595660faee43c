package io.liftbridge.test.client;

import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Assumptions;

/**
 * The scenarios on a real server.
 */
class RealServerTrackedReadingIT extends TrackedReadingScenarios {

	private LiftbridgeServer server;

	@Override
	String startBroker() {
		Assumptions.assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		this.server = LiftbridgeServer.builder().start();
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
