package io.liftbridge.boot.autoconfigure.actuate;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.liftbridge.client.cluster.BrokerStatus;
import org.jspecify.annotations.Nullable;

/**
 * A broker as it was last seen.
 *
 * @param id its id, or its address while the id is not known
 * @param address where it is reached
 * @param state UNKNOWN, UP or DOWN
 * @param since when it came into the state
 * @param reason why it is down, if it is
 * @param partitions partitions stored on it
 * @param leaders partitions led by it
 */
public record BrokerDescriptor(String id, String address, String state, Instant since, @Nullable String reason,
		int partitions, int leaders) {

	static BrokerDescriptor of(BrokerStatus broker) {
		return new BrokerDescriptor(broker.id(), broker.address().toString(), broker.state().name(),
				broker.since().truncatedTo(ChronoUnit.MILLIS), broker.reason(), broker.partitions(), broker.leaders());
	}

}
