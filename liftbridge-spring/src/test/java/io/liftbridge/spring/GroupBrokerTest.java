package io.liftbridge.spring;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.embedded.EmbeddedBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/**
 * A broker that misses members of groups soon, a stream of its own for each test, and
 * several applications.
 */
public abstract class GroupBrokerTest {

	private static final AtomicInteger COUNT = new AtomicInteger();

	protected static EmbeddedBroker broker;

	protected final String stream = "shared" + COUNT.incrementAndGet();

	protected final Queue<TestApplication> applications = new ConcurrentLinkedQueue<>();

	@BeforeAll
	static void startBroker() {
		broker = EmbeddedBroker.builder().consumerTimeout(Duration.ofSeconds(2)).start();
	}

	@AfterAll
	static void closeBroker() {
		broker.close();
	}

	@AfterEach
	void closeApplications() {
		this.applications.forEach(TestApplication::close);
	}

}
