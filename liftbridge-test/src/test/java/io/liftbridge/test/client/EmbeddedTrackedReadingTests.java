package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedTrackedReadingTests extends TrackedReadingScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((settings) -> settings);
	}

}
