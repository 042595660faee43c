package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.Listener;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

/**
 * What a container works with.
 *
 * @param id the listener's id
 * @param properties its options
 * @param listener the listener
 * @param client reads
 * @param errorHandler decides about failures
 * @param metrics counts
 * @param threads shared threads
 * @param executor runs listeners, {@code null} for threads of the container's own
 * @param events publishes events, {@code null} for none
 */
record ContainerContext(String id, ContainerProperties properties, Listener listener, LiftbridgeClient client,
		ErrorHandler errorHandler, ListenerMetrics metrics, ListenerThreads threads, @Nullable Executor executor,
		@Nullable ApplicationEventPublisher events) {

	private static final Logger logger = LoggerFactory.getLogger(ContainerContext.class);

	/** Under which positions are stored, if they are. */
	String cursorId() {
		String group = this.properties.getGroup();
		if (group != null) {
			return CursorConvention.groupCursorId(group);
		}
		String own = this.properties.getCursorId();
		return (own != null) ? own : this.id;
	}

	/** Which of some streams bring back what has failed. */
	List<String> retryStreams(List<String> streams) {
		return this.errorHandler.retryStreams(streams);
	}

	/**
	 * For streams that bring back what has failed: everything in them is read, wherever
	 * the listener or its user begins in the others.
	 */
	ContainerContext forRetries() {
		ContainerProperties retries = new ContainerProperties(this.properties);
		retries.setStartPosition(StartPosition::earliest);
		retries.setSeekAware(null);
		retries.setPartitionStart(null);
		return with(retries);
	}

	ContainerContext with(ContainerProperties other) {
		return new ContainerContext(this.id, other, this.listener, this.client, this.errorHandler, this.metrics,
				this.threads, this.executor, this.events);
	}

	/**
	 * Tells the application, on a thread that may be held up by it. Never fails.
	 * @return completes when everybody has been told; never fails
	 */
	CompletableFuture<Void> publish(Object event) {
		ApplicationEventPublisher publisher = this.events;
		if (publisher == null) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			return CompletableFuture.runAsync(() -> publish(publisher, event), this.threads.events());
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Listener '{}': nobody hears of {} any more", this.id, event);
			return CompletableFuture.completedFuture(null);
		}
	}

	private void publish(ApplicationEventPublisher publisher, Object event) {
		try {
			publisher.publishEvent(event);
		}
		catch (RuntimeException | Error ex) {
			// Whoever listens must not keep the container from going on.
			logger.warn("Listener '{}': an event listener failed on {}", this.id, event, ex);
		}
	}

}
