package io.liftbridge.test.client;

import java.time.Duration;

/**
 * The scenarios on an embedded broker, which after a restart does not know its streams
 * for a moment, as a real server.
 */
class EmbeddedExactlyOnceTests extends ExactlyOnceScenarios {

	@Override
	ScenarioBroker startBroker() {
		return ScenarioBroker.embedded((broker) -> broker.restartWindow(Duration.ofMillis(700)));
	}

}
