package io.liftbridge.spring.listener;

import java.util.concurrent.Executor;

import io.liftbridge.client.LiftbridgeClient;
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

	/** Tells the application; never fails. */
	void publish(Object event) {
		ApplicationEventPublisher publisher = this.events;
		if (publisher == null) {
			return;
		}
		try {
			publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			// Whoever listens must not keep the container from going on.
			logger.warn("Listener '{}': an event listener failed on {}", this.id, event, ex);
		}
	}

}
