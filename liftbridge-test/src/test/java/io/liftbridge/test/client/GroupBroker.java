package io.liftbridge.test.client;

import java.time.Duration;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Assumptions;

/**
 * A broker that removes members soon after they have fallen silent.
 */
interface GroupBroker extends AutoCloseable {

	/** Shorter than usual, so that the tests need not wait long for who has vanished. */
	Duration MEMBER_TIMEOUT = Duration.ofSeconds(4);

	String address();

	void crash();

	void restart();

	@Override
	void close();

	static GroupBroker embedded() {
		EmbeddedBroker broker = EmbeddedBroker.builder()
			.consumerTimeout(MEMBER_TIMEOUT)
			.coordinatorTimeout(MEMBER_TIMEOUT)
			.restartWindow(Duration.ofMillis(700))
			.start();
		return new GroupBroker() {

			@Override
			public String address() {
				return broker.address();
			}

			@Override
			public void crash() {
				broker.stop();
			}

			@Override
			public void restart() {
				broker.restart();
			}

			@Override
			public void close() {
				broker.close();
			}

		};
	}

	static GroupBroker real() {
		Assumptions.assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		LiftbridgeServer server = LiftbridgeServer.builder()
			.setting("groups.consumer.timeout", MEMBER_TIMEOUT.toMillis() + "ms")
			.setting("groups.coordinator.timeout", MEMBER_TIMEOUT.toMillis() + "ms")
			.start();
		return new GroupBroker() {

			@Override
			public String address() {
				return server.address();
			}

			@Override
			public void crash() {
				server.kill();
			}

			@Override
			public void restart() {
				server.restart();
			}

			@Override
			public void close() {
				server.close();
			}

		};
	}

}
