package io.liftbridge.boot.autoconfigure;

import java.util.List;
import java.util.function.Predicate;

import io.liftbridge.client.cluster.Address;
import io.liftbridge.client.cluster.AddressResolver;

/**
 * Finds brokers in containers: each advertises host and port of its own configuration,
 * which mean something inside the container only.
 */
record ContainerBrokers(List<ContainerBroker> brokers) implements AddressResolver {

	ContainerBrokers {
		brokers = List.copyOf(brokers);
	}

	@Override
	public Address resolve(Address advertised) {
		if (this.brokers.stream().anyMatch((broker) -> broker.reachable().equals(advertised))) {
			return advertised;
		}
		// The only one there is must be meant, whatever it believes its name to be.
		List<ContainerBroker> found = this.brokers;
		if (found.size() > 1) {
			found = find((broker) -> broker.names().contains(advertised.host()));
		}
		if (found.isEmpty()) {
			found = find((broker) -> broker.listensOn().test(advertised.port()));
		}
		return (found.size() == 1) ? found.get(0).reachable() : advertised;
	}

	private List<ContainerBroker> find(Predicate<ContainerBroker> test) {
		return this.brokers.stream().filter(test).toList();
	}

}
