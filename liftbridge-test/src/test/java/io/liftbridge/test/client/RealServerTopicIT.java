package io.liftbridge.test.client;

/**
 * The scenarios on a real server.
 */
class RealServerTopicIT extends TopicScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((settings) -> settings);
	}

}
