package io.liftbridge.boot.autoconfigure.health;

import java.util.List;

import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;

/**
 * A listener in a state that cannot be brought about at will.
 */
record StubContainer(String id, ContainerState state, Throwable failure, List<PartitionStatus> partitions,
		ContainerProperties properties) implements ListenerContainer {

	StubContainer(String id, ContainerState state, Throwable failure, List<PartitionStatus> partitions) {
		this(id, state, failure, partitions, new ContainerProperties());
	}

	@Override
	public void start() {
	}

	@Override
	public void stop() {
	}

	@Override
	public boolean isRunning() {
		return true;
	}

}
