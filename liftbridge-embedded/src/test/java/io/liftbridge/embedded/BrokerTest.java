package io.liftbridge.embedded;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * A broker of its own for each test.
 */
abstract class BrokerTest {

	protected EmbeddedBroker broker;

	protected RawClient client;

	@BeforeEach
	void startBroker() {
		this.broker = configure(EmbeddedBroker.builder()).start();
		this.client = new RawClient(this.broker);
	}

	@AfterEach
	void closeBroker() {
		this.client.close();
		this.broker.close();
	}

	protected EmbeddedBroker.Builder configure(EmbeddedBroker.Builder builder) {
		return builder;
	}

}
