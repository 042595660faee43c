package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedTopicTests extends TopicScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((settings) -> settings);
	}

}
