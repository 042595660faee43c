package io.liftbridge.boot.autoconfigure.health;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.support.SeekTo;

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

	@Override
	public void pause() {
	}

	@Override
	public void resume() {
	}

	@Override
	public boolean isPaused() {
		return false;
	}

	@Override
	public void pause(String stream, int partition) {
	}

	@Override
	public void resume(String stream, int partition) {
	}

	@Override
	public boolean isPaused(String stream, int partition) {
		return false;
	}

	@Override
	public CompletableFuture<Void> seek(String stream, int partition, SeekTo place) {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo place) {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void restart(String stream, int partition) {
	}

}
