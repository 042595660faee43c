package io.liftbridge.test.client;

/**
 * The scenarios on a real server.
 */
class RealServerLargeMessageIT extends LargeMessageScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((settings) -> settings);
	}

}
