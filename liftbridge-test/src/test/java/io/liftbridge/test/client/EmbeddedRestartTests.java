package io.liftbridge.test.client;

import java.time.Duration;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * The scenarios on an embedded broker that stops and starts again, and that for a moment
 * does not know its streams, as a real server.
 */
class EmbeddedRestartTests extends RestartScenarios {

	private EmbeddedBroker broker;

	@Override
	String startBroker() {
		this.broker = EmbeddedBroker.builder().restartWindow(Duration.ofMillis(700)).start();
		return this.broker.address();
	}

	@Override
	void crashBroker() {
		this.broker.stop();
	}

	@Override
	void restartBroker() {
		this.broker.restart();
	}

	@Override
	void closeBroker() {
		this.broker.close();
	}

}
