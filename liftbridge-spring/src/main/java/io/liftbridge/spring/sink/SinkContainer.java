package io.liftbridge.spring.sink;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.PartitionState;
import io.liftbridge.spring.listener.PartitionStatus;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;

/**
 * The container of a sink, which counts a message only when it is written: what was read
 * and cannot be written is no better off than what a listener fails on.
 */
final class SinkContainer implements ListenerContainer {

	private final ListenerContainer reader;

	private final Troubles troubles;

	SinkContainer(ListenerContainer reader, Troubles troubles) {
		this.reader = reader;
		this.troubles = troubles;
	}

	@Override
	public List<PartitionStatus> partitions() {
		return this.reader.partitions().stream().map(this::status).toList();
	}

	private PartitionStatus status(PartitionStatus read) {
		PartitionQueue.Trouble trouble = this.troubles.of(read.stream(), read.partition());
		if (trouble == null) {
			return read;
		}
		long position = (trouble.offset() < 0) ? read.position() : Math.min(read.position(), trouble.offset() - 1);
		// Without a broker, or while somebody has paused it, that comes first.
		boolean live = read.state() == PartitionState.LIVE || read.state() == PartitionState.RETRYING;
		return new PartitionStatus(read.stream(), read.partition(), position, read.newest(), read.stored(),
				live ? PartitionState.RETRYING : read.state(),
				(live || read.lastError() == null) ? trouble.text() : read.lastError(),
				live ? trouble.since() : read.since());
	}

	@Override
	public String id() {
		return this.reader.id();
	}

	@Override
	public ContainerProperties properties() {
		return this.reader.properties();
	}

	@Override
	public ContainerState state() {
		return this.reader.state();
	}

	@Override
	public @Nullable Throwable failure() {
		return this.reader.failure();
	}

	@Override
	public @Nullable GroupMember groupMember() {
		return this.reader.groupMember();
	}

	@Override
	public void start() {
		this.reader.start();
	}

	@Override
	public void stop() {
		this.reader.stop();
	}

	@Override
	public void stop(Runnable callback) {
		this.reader.stop(callback);
	}

	@Override
	public boolean isRunning() {
		return this.reader.isRunning();
	}

	@Override
	public boolean isAutoStartup() {
		return this.reader.isAutoStartup();
	}

	@Override
	public boolean isPauseable() {
		return this.reader.isPauseable();
	}

	@Override
	public int getPhase() {
		return this.reader.getPhase();
	}

	@Override
	public void pause() {
		this.reader.pause();
	}

	@Override
	public void resume() {
		this.reader.resume();
	}

	@Override
	public boolean isPaused() {
		return this.reader.isPaused();
	}

	@Override
	public void pause(String stream, int partition) {
		this.reader.pause(stream, partition);
	}

	@Override
	public void resume(String stream, int partition) {
		this.reader.resume(stream, partition);
	}

	@Override
	public boolean isPaused(String stream, int partition) {
		return this.reader.isPaused(stream, partition);
	}

	@Override
	public CompletableFuture<Void> seek(String stream, int partition, SeekTo place) {
		return this.reader.seek(stream, partition, place);
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo place) {
		return this.reader.seek(place);
	}

	@Override
	public void restart(String stream, int partition) {
		this.reader.restart(stream, partition);
	}

	@Override
	public String toString() {
		return this.reader.toString();
	}

	/** Tells why a partition is not written. */
	@FunctionalInterface
	interface Troubles {

		PartitionQueue.@Nullable Trouble of(String stream, int partition);

	}

}
