package io.liftbridge.boot.autoconfigure;

import java.util.Set;

import io.liftbridge.client.cluster.Address;

/**
 * A broker in a container.
 *
 * @param names by which other containers reach it, possibly none
 * @param port the port that it listens on in its container
 * @param reachable where it is reached from here
 */
public record ContainerBroker(Set<String> names, int port, Address reachable) {

	/**
	 * Creates one.
	 * @param names by which other containers reach it
	 * @param port the port that it listens on in its container
	 * @param reachable where it is reached from here
	 */
	public ContainerBroker {
		names = Set.copyOf(names);
	}

}
