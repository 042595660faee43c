package io.liftbridge.test.client;

/**
 * The scenarios on a real server.
 */
class RealServerGroupConsumerIT extends GroupConsumerScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.realForGroups();
	}

}
