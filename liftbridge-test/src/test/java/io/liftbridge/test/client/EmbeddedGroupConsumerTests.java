package io.liftbridge.test.client;

import java.time.Duration;

import io.liftbridge.embedded.EmbeddedBroker;

/**
 * The scenarios on an embedded broker.
 */
class EmbeddedGroupConsumerTests extends GroupConsumerScenarios {

	private EmbeddedBroker broker;

	@Override
	String startBroker() {
		this.broker = EmbeddedBroker.builder()
			.consumerTimeout(MEMBER_TIMEOUT)
			.coordinatorTimeout(MEMBER_TIMEOUT)
			.restartWindow(Duration.ofMillis(700))
			.start();
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
