package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.spring.event.ListenerContainerFailedEvent;
import io.liftbridge.spring.event.ListenerContainerPausedEvent;
import io.liftbridge.spring.event.ListenerContainerResumedEvent;
import io.liftbridge.spring.event.ListenerContainerStartedEvent;
import io.liftbridge.spring.event.ListenerContainerStoppedEvent;
import io.liftbridge.spring.event.ListenerPartitionPausedEvent;
import io.liftbridge.spring.event.ListenerPartitionResumedEvent;
import io.liftbridge.spring.listener.delivery.FailureText;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A container that reads the partitions it is told to: lifecycle and state.
 */
final class DefaultListenerContainer implements ListenerContainer, ContainerSession.Callbacks {

	private static final Logger logger = LoggerFactory.getLogger(DefaultListenerContainer.class);

	/** Events and callbacks after the listeners have ended. */
	private static final long STOP_MARGIN_MILLIS = 1000;

	private static final long EVENT_MILLIS = 500;

	private final ContainerContext context;

	private final PauseSwitch pauses = new PauseSwitch();

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ContainerState state = ContainerState.STOPPED;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable ContainerSession session;

	private boolean startWanted;

	/** Completes when it is running. */
	private CompletableFuture<Void> begun = new CompletableFuture<>();

	private CompletableFuture<Void> stopped = CompletableFuture.completedFuture(null);

	DefaultListenerContainer(ContainerContext context) {
		this.context = context;
	}

	@Override
	public String id() {
		return this.context.id();
	}

	@Override
	public ContainerProperties properties() {
		return this.context.properties();
	}

	@Override
	public ContainerState state() {
		return this.state;
	}

	@Override
	public @Nullable Throwable failure() {
		return this.failure;
	}

	@Override
	public List<PartitionStatus> partitions() {
		ContainerSession current = this.session;
		return (current != null) ? current.status() : List.of();
	}

	@Override
	public @Nullable GroupMember groupMember() {
		ContainerSession current = this.session;
		return (current != null && isRunning()) ? current.groupMember() : null;
	}

	/** Those of a pattern are known once they are read. */
	@Override
	public List<String> retryStreams() {
		return this.context
			.retryStreams(Stream.concat(properties().getStreams().stream(), readers().map(PartitionReader::stream))
				.distinct()
				.toList());
	}

	@Override
	public boolean isPaused() {
		return this.pauses.isPaused();
	}

	@Override
	public boolean isPaused(String stream, int partition) {
		return this.pauses.isPaused(stream, partition);
	}

	@Override
	public boolean isNonePaused() {
		return this.pauses.isNonePaused();
	}

	@Override
	public void pause() {
		if (this.pauses.all(true)) {
			applyPauses();
			logger.info("Listener '{}' is paused", id());
			this.context.publish(new ListenerContainerPausedEvent(this, id()));
		}
	}

	@Override
	public void resume() {
		if (this.pauses.all(false)) {
			applyPauses();
			logger.info("Listener '{}' goes on after a pause", id());
			this.context.publish(new ListenerContainerResumedEvent(this, id()));
		}
	}

	@Override
	public void pause(String stream, int partition) {
		checkRead(stream, partition);
		if (this.pauses.partition(stream, partition, true)) {
			applyPauses();
			this.context.publish(new ListenerPartitionPausedEvent(this, id(), stream, partition));
		}
	}

	@Override
	public void resume(String stream, int partition) {
		if (this.pauses.partition(stream, partition, false)) {
			applyPauses();
			this.context.publish(new ListenerPartitionResumedEvent(this, id(), stream, partition));
		}
		else {
			checkRead(stream, partition);
		}
	}

	/** One that is not read at the moment may be read later. */
	private void checkRead(String stream, int partition) {
		List<? extends PartitionReader> present = readers().filter((reader) -> reader.stream().equals(stream)).toList();
		boolean read = present.stream().anyMatch((reader) -> reader.partition() == partition);
		boolean all = !present.isEmpty() && properties().getGroup() == null;
		if (!read && (all || !properties().mayRead(stream, partition))) {
			throw new IllegalStateException(
					"Listener '" + id() + "' does not read stream '" + stream + "' partition " + partition
							+ ": it can be neither paused nor resumed. It reads " + properties().describeRead() + ".");
		}
	}

	private void applyPauses() {
		readers().forEach(PartitionReader::applyPause);
	}

	private Stream<? extends PartitionReader> readers() {
		ContainerSession current = this.session;
		return (current != null && isRunning()) ? current.readers() : Stream.empty();
	}

	@Override
	public CompletableFuture<Void> seek(String stream, int partition, SeekTo place) {
		return reader(stream, partition).map((reader) -> seek(reader, place))
			.orElseGet(() -> CompletableFuture.failedFuture(new IllegalStateException("Listener '" + id()
					+ "' does not read stream '" + stream + "' partition " + partition
					+ " at the moment: it can be told to read elsewhere once it does (it is " + this.state + ").")));
	}

	@Override
	public CompletableFuture<Void> seek(SeekTo place) {
		List<String> retries = retryStreams();
		return CompletableFuture.allOf(readers().filter((reader) -> !retries.contains(reader.stream()))
			.map((reader) -> seek(reader, place))
			.toArray(CompletableFuture[]::new));
	}

	@Override
	public void restart(String stream, int partition) {
		reader(stream, partition).ifPresent(PartitionReader::restart);
	}

	private Optional<? extends PartitionReader> reader(String stream, int partition) {
		return readers().filter((reader) -> reader.stream().equals(stream) && reader.partition() == partition)
			.findFirst();
	}

	private CompletableFuture<Void> seek(PartitionReader reader, SeekTo place) {
		logger.info("{} is told to go on at {}", reader, place);
		return reader.seek(place);
	}

	@Override
	public boolean isAutoStartup() {
		return this.context.properties().isAutoStartup();
	}

	@Override
	public boolean isRunning() {
		ContainerState current = this.state;
		return current != ContainerState.STOPPED && current != ContainerState.FAILED;
	}

	@Override
	public void start() {
		CompletableFuture<Void> begun = begin();
		if (begun != null && this.context.properties().getStartupFailurePolicy() == StartupFailurePolicy.STOP) {
			awaitStart(begun);
		}
	}

	/** Returns {@code null} if there was nothing to start, or it comes later. */
	private @Nullable CompletableFuture<Void> begin() {
		ContainerSession current = this.session;
		if (this.state == ContainerState.STOPPING && current != null && !current.isRunByCurrentThread()) {
			awaitStop();
		}
		this.lock.lock();
		try {
			if (this.state == ContainerState.STOPPING) {
				this.startWanted = true;
				this.stopped.whenComplete((nothing, problem) -> startIfWanted());
				return null;
			}
			this.startWanted = false;
			if (isRunning()) {
				return null;
			}
			this.failure = null;
			this.begun = new CompletableFuture<>();
			ContainerSession next = new ContainerSession(this.context, this, this.pauses, this);
			this.session = next;
			this.state = ContainerState.STARTING;
			next.start();
			return this.begun;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitStart(CompletableFuture<Void> begun) {
		Throwable problem;
		try {
			begun.get(this.context.properties().getStartupTimeout().toNanos(), TimeUnit.NANOSECONDS);
			return;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			problem = ex;
		}
		catch (ExecutionException ex) {
			problem = (ex.getCause() != null) ? ex.getCause() : ex;
		}
		catch (TimeoutException ex) {
			problem = new IllegalStateException(
					"It is not running after " + this.context.properties().getStartupTimeout() + ": " + partitions());
		}
		failed(problem);
		throw new ListenerStartException(id(), problem);
	}

	/** Does not forget a start that came during a stop. */
	private void startIfWanted() {
		this.lock.lock();
		try {
			if (this.startWanted) {
				begin();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void complete() {
		this.lock.lock();
		try {
			if (this.state != ContainerState.STARTING) {
				return;
			}
			this.state = ContainerState.RUNNING;
			this.begun.complete(null);
		}
		finally {
			this.lock.unlock();
		}
		logger.info("Listener '{}' is running", id());
		this.context.publish(new ListenerContainerStartedEvent(this, id()));
	}

	@Override
	public void failed(Throwable reason) {
		CompletableFuture<Void> end = stop(ContainerState.FAILED, reason);
		if (end != null) {
			logger.error("Listener '{}' has failed and is stopped: {}", id(), FailureText.of(reason),
					FailureText.traceOf(reason));
			end.thenRun(() -> this.context.publish(new ListenerContainerFailedEvent(this, id(), reason)));
		}
	}

	@Override
	public void stop() {
		ContainerSession current = this.session;
		boolean byItself = current != null && current.isRunByCurrentThread();
		stop(ContainerState.STOPPED, null);
		if (!byItself) {
			awaitStop();
		}
	}

	@Override
	public void stop(Runnable callback) {
		stop(ContainerState.STOPPED, null);
		pendingStop().whenComplete((nothing, problem) -> callback.run());
	}

	/** Returns {@code null} if there was nothing to stop. */
	private @Nullable CompletableFuture<Void> stop(ContainerState next, @Nullable Throwable reason) {
		this.lock.lock();
		try {
			ContainerSession current = this.session;
			this.startWanted = false;
			if (current == null || !isRunning() || this.state == ContainerState.STOPPING) {
				return null;
			}
			this.state = ContainerState.STOPPING;
			this.failure = reason;
			this.begun.completeExceptionally(
					(reason != null) ? reason : new IllegalStateException("It was stopped before it was running."));
			this.stopped = current.stop().thenCompose((nothing) -> {
				this.state = next;
				if (next == ContainerState.STOPPED) {
					logger.info("Listener '{}' is stopped", id());
				}
				// An application that ends should hear of it, but not be held up.
				return this.context.publish(new ListenerContainerStoppedEvent(this, id()))
					.completeOnTimeout(null, EVENT_MILLIS, TimeUnit.MILLISECONDS);
			});
			return this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	private CompletableFuture<Void> pendingStop() {
		this.lock.lock();
		try {
			return this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitStop() {
		try {
			pendingStop().get(this.context.properties().getShutdownTimeout().toMillis() + STOP_MARGIN_MILLIS,
					TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("Listener '{}' did not stop cleanly", id(), ex);
		}
	}

	@Override
	public String toString() {
		return "ListenerContainer[" + id() + ", " + this.state + "]";
	}

}
