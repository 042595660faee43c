package io.liftbridge.boot.autoconfigure;

import java.util.Set;
import java.util.function.IntPredicate;

import io.liftbridge.client.cluster.Address;

/**
 * A broker in a container.
 *
 * @param names by which other containers reach it, possibly none
 * @param listensOn whether a port in its container, which a broker advertised, may be its
 * own
 * @param reachable where it is reached from here
 */
public record ContainerBroker(Set<String> names, IntPredicate listensOn, Address reachable) {

	/**
	 * Creates one.
	 * @param names by which other containers reach it
	 * @param listensOn whether a port in its container may be its own; called from any
	 * thread
	 * @param reachable where it is reached from here
	 */
	public ContainerBroker {
		names = Set.copyOf(names);
	}

	/**
	 * Creates one of which the port is known.
	 * @param names by which other containers reach it
	 * @param port the port that it listens on in its container
	 * @param reachable where it is reached from here
	 */
	public ContainerBroker(Set<String> names, int port, Address reachable) {
		this(names, (candidate) -> candidate == port, reachable);
	}

}
