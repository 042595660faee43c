package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.spring.event.ListenerContainerFailedEvent;
import io.liftbridge.spring.event.ListenerContainerStartedEvent;
import io.liftbridge.spring.event.ListenerContainerStoppedEvent;
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

	private final ReentrantLock lock = new ReentrantLock();

	private volatile ContainerState state = ContainerState.STOPPED;

	private volatile @Nullable Throwable failure;

	private volatile @Nullable ContainerSession session;

	private boolean startWanted;

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
		ContainerSession current = this.session;
		if (this.state == ContainerState.STOPPING && current != null && !current.isRunByCurrentThread()) {
			awaitStop();
		}
		this.lock.lock();
		try {
			if (this.state == ContainerState.STOPPING) {
				this.startWanted = true;
				this.stopped.whenComplete((nothing, problem) -> startIfWanted());
				return;
			}
			this.startWanted = false;
			if (isRunning()) {
				return;
			}
			this.failure = null;
			ContainerSession next = new ContainerSession(this.context, this);
			this.session = next;
			this.state = ContainerState.STARTING;
			next.start();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Does not forget a start that came during a stop. */
	private void startIfWanted() {
		this.lock.lock();
		try {
			if (this.startWanted) {
				start();
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
			logger.error("Listener '{}' has failed and is stopped", id(), reason);
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
