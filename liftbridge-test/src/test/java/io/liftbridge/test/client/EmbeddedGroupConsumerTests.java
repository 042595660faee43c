package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedGroupConsumerTests extends GroupConsumerScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embeddedForGroups();
	}

}
