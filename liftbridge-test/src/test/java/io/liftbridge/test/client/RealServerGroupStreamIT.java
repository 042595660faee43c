package io.liftbridge.test.client;

/**
 * The scenarios of streams that come and go on a real server.
 */
class RealServerGroupStreamIT extends GroupStreamScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.realForGroups();
	}

}
