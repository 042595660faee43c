package io.liftbridge.test.client;

import java.time.Duration;

/**
 * The stress of groups on a real server.
 */
class RealServerGroupStressIT extends GroupStressScenarios {

	@Override
	Duration length() {
		return Duration.ofSeconds(12);
	}

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.realForGroups();
	}

}
