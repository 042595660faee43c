package io.liftbridge.spring;

import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * One broker for all tests of a class; each test takes a stream of its own.
 */
public abstract class EmbeddedBrokerTest {

	private static final AtomicInteger COUNT = new AtomicInteger();

	protected static EmbeddedBroker broker;

	protected final String stream = "s" + COUNT.incrementAndGet();

	@BeforeAll
	static void startBroker() {
		broker = EmbeddedBroker.start();
	}

	@AfterAll
	static void closeBroker() {
		broker.close();
	}

	protected TestApplication.Builder application() {
		return TestApplication.on(broker.address()).property("in", this.stream);
	}

	protected void stream(int partitions) {
		broker.createStream(this.stream, partitions);
	}

}
