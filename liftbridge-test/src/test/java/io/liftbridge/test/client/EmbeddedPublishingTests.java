package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedPublishingTests extends PublishingScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((settings) -> settings);
	}

}
