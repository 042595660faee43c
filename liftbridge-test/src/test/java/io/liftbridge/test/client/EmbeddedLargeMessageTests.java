package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedLargeMessageTests extends LargeMessageScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((settings) -> settings);
	}

}
