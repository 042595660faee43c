package io.liftbridge.test.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Scenarios that share one broker and one client, and each of which has streams of its
 * own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BrokerScenarios {

	static final Duration LONG = Duration.ofSeconds(40);

	private final AtomicInteger names = new AtomicInteger();

	ScenarioBroker broker;

	LiftbridgeClient client;

	abstract ScenarioBroker startBroker();

	@BeforeAll
	void start() {
		this.broker = startBroker();
		this.client = connect();
	}

	@AfterAll
	void stop() {
		if (this.client != null) {
			this.client.close();
		}
		if (this.broker != null) {
			this.broker.close();
		}
	}

	LiftbridgeClient connect() {
		return LiftbridgeClient.builder().seeds(this.broker.address()).build();
	}

	/** A stream's name that no other scenario has. */
	String name() {
		return "stream-" + this.names.incrementAndGet();
	}

}
