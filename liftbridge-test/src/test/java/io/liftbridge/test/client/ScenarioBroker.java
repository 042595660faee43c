package io.liftbridge.test.client;

import java.time.Duration;
import java.util.function.UnaryOperator;

import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.test.LiftbridgeServer;
import org.junit.jupiter.api.Assumptions;

/**
 * The broker that scenarios run on, of whatever kind it is.
 */
interface ScenarioBroker extends AutoCloseable {

	/** Shorter than usual, so that the tests need not wait long for who has vanished. */
	Duration MEMBER_TIMEOUT = Duration.ofSeconds(4);

	String address();

	/** Stops it as if it had died. */
	void crash();

	/** Starts it again on the same port, with its data. */
	void restart();

	@Override
	void close();

	static ScenarioBroker embedded(UnaryOperator<EmbeddedBroker.Builder> settings) {
		return new Embedded(settings.apply(EmbeddedBroker.builder()).start());
	}

	/**
	 * A real server. The test is skipped where there is none.
	 */
	static Real real(UnaryOperator<LiftbridgeServer.Builder> settings) {
		Assumptions.assumeTrue(LiftbridgeServer.isAvailable(), LiftbridgeServer::unavailableReason);
		return new Real(settings.apply(LiftbridgeServer.builder()).start());
	}

	/**
	 * An embedded broker that removes members soon after they have fallen silent.
	 */
	static ScenarioBroker embeddedForGroups() {
		return embedded((broker) -> broker.consumerTimeout(MEMBER_TIMEOUT)
			.coordinatorTimeout(MEMBER_TIMEOUT)
			.restartWindow(Duration.ofMillis(700)));
	}

	/**
	 * A real server that removes members soon after they have fallen silent.
	 */
	static ScenarioBroker realForGroups() {
		return real((server) -> server.setting("groups.consumer.timeout", MEMBER_TIMEOUT.toMillis() + "ms")
			.setting("groups.coordinator.timeout", MEMBER_TIMEOUT.toMillis() + "ms"));
	}

	/** An embedded broker. */
	record Embedded(EmbeddedBroker broker) implements ScenarioBroker {

		@Override
		public String address() {
			return this.broker.address();
		}

		@Override
		public void crash() {
			this.broker.stop();
		}

		@Override
		public void restart() {
			this.broker.restart();
		}

		@Override
		public void close() {
			this.broker.close();
		}

	}

	/** A real server. */
	record Real(LiftbridgeServer server) implements ScenarioBroker {

		@Override
		public String address() {
			return this.server.address();
		}

		@Override
		public void crash() {
			this.server.kill();
		}

		@Override
		public void restart() {
			this.server.restart();
		}

		@Override
		public void close() {
			this.server.close();
		}

	}

}
