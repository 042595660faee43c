package io.liftbridge.test.client;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedTrackedReadingTests extends TrackedReadingScenarios {

	private EmbeddedBroker broker;

	@Override
	String startBroker() {
		this.broker = EmbeddedBroker.start();
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
