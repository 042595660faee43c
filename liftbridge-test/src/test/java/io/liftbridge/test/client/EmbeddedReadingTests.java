package io.liftbridge.test.client;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedReadingTests extends ReadingScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((broker) -> broker.activityStream(true));
	}

}
