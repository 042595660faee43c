package io.liftbridge.boot.autoconfigure;

import java.util.List;

import io.liftbridge.client.cluster.AddressResolver;

/**
 * Leads to a broker in a container. Several beans of this type are the brokers of one
 * cluster.
 */
public interface ContainerLiftbridgeConnectionDetails extends LiftbridgeConnectionDetails {

	/**
	 * The broker, whose container runs.
	 * @return where it is, inside and outside of its container
	 */
	ContainerBroker getBroker();

	@Override
	default List<String> getSeeds() {
		return List.of(getBroker().reachable().toString());
	}

	@Override
	default AddressResolver getAddressResolver() {
		return new ContainerBrokers(List.of(getBroker()));
	}

}
