package io.liftbridge.test.client;

/**
 * The scenarios on a real server that is killed and started again.
 */
class RealServerRestartIT extends RestartScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((settings) -> settings);
	}

}
