package io.liftbridge.test.client;

/**
 * The scenarios on a real server.
 */
class RealServerReadingIT extends ReadingScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((server) -> server.setting("activity.stream.enabled", "true"));
	}

}
