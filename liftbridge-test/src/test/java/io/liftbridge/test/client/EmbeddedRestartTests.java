package io.liftbridge.test.client;

import java.time.Duration;

/**
 * The scenarios on an embedded broker that stops and starts again, and that for a moment
 * does not know its streams, as a real server.
 */
class EmbeddedRestartTests extends RestartScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((broker) -> broker.restartWindow(Duration.ofMillis(700)));
	}

}
