package io.liftbridge.test.client;

/**
 * The scenarios on a real server, which is killed and started again.
 */
class RealServerExactlyOnceIT extends ExactlyOnceScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.real((settings) -> settings);
	}

}
