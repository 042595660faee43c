package io.liftbridge.test.client;

/**
 * The scenarios of streams that come and go on an embedded broker.
 */
class EmbeddedGroupStreamTests extends GroupStreamScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embeddedForGroups();
	}

}
