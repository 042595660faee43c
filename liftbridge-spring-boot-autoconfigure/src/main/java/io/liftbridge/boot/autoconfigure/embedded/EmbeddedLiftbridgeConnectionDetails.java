package io.liftbridge.boot.autoconfigure.embedded;

import java.util.List;

import io.liftbridge.boot.autoconfigure.LiftbridgeConnectionDetails;
import io.liftbridge.embedded.EmbeddedBroker;

/**
 * Leads to the broker inside this JVM.
 */
class EmbeddedLiftbridgeConnectionDetails implements LiftbridgeConnectionDetails {

	private final EmbeddedBroker broker;

	EmbeddedLiftbridgeConnectionDetails(EmbeddedBroker broker) {
		this.broker = broker;
	}

	@Override
	public List<String> getSeeds() {
		return List.of(this.broker.address());
	}

}
