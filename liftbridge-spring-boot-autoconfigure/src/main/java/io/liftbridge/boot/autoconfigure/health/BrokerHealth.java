package io.liftbridge.boot.autoconfigure.health;

import java.time.temporal.ChronoUnit;
import java.util.List;

import io.liftbridge.client.cluster.BrokerStatus;

import org.springframework.boot.health.contributor.Status;

/**
 * How the brokers fare. One that answers is enough: what the loss of another one means
 * for a listener, the listener tells.
 */
final class BrokerHealth {

	private BrokerHealth() {
	}

	static Status status(List<BrokerStatus> brokers) {
		if (brokers.stream().anyMatch((broker) -> broker.state() == BrokerStatus.State.UP)) {
			return Status.UP;
		}
		boolean anyDown = brokers.stream().anyMatch((broker) -> broker.state() == BrokerStatus.State.DOWN);
		return anyDown ? Status.DOWN : Status.UNKNOWN;
	}

	static String describe(BrokerStatus broker) {
		if (broker.state() != BrokerStatus.State.DOWN) {
			return broker.state().name();
		}
		return "DOWN since " + broker.since().truncatedTo(ChronoUnit.SECONDS)
				+ ((broker.reason() != null) ? ": " + broker.reason() : "");
	}

}
