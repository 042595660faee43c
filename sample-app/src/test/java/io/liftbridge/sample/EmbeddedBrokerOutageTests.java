package io.liftbridge.sample;

import io.liftbridge.embedded.EmbeddedBroker;
import org.springframework.beans.factory.annotation.Autowired;

class EmbeddedBrokerOutageTests extends BrokerOutage {

	@Autowired
	private EmbeddedBroker broker;

	@Override
	String brokerAddress() {
		return this.broker.address();
	}

	@Override
	void killBroker() {
		this.broker.stop();
	}

	@Override
	void startBroker() {
		this.broker.restart();
	}

}
