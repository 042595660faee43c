package io.liftbridge.test.client;

/**
 * The scenarios on a real server.
 */
class RealServerTrackedReadingIT extends TrackedReadingScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((settings) -> settings);
	}

}
