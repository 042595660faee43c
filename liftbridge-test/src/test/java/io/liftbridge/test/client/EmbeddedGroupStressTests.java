package io.liftbridge.test.client;

import java.time.Duration;

/**
 * The stress of groups on an embedded broker.
 */
class EmbeddedGroupStressTests extends GroupStressScenarios {

	@Override
	Duration length() {
		return Duration.ofSeconds(20);
	}

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embeddedForGroups();
	}

}
