package io.liftbridge.test.client;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedTopicTests extends TopicScenarios {

	private EmbeddedBroker broker;

	@Override
	String startBroker() {
		this.broker = EmbeddedBroker.start();
		return this.broker.address();
	}

	@Override
	void closeBroker() {
		this.broker.close();
	}

}
