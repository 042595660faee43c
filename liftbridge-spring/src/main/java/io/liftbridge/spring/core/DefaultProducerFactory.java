package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.ProducerListener;
import org.springframework.beans.factory.DisposableBean;

/**
 * One producer per stream, created with the first message and kept until this factory is
 * closed. All share one set of options; use a second factory with its own template for
 * another set. Safe for use by many threads.
 */
public class DefaultProducerFactory implements ProducerFactory, DisposableBean {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final LiftbridgeClient client;

	private final List<ProducerCustomizer> customizers;

	private final SendListener listener;

	private final ConcurrentMap<String, Producer> producers = new ConcurrentHashMap<>();

	private volatile Duration closeTimeout = CLOSE_TIMEOUT;

	private volatile boolean closed;

	/**
	 * Creates a factory with the client's default options.
	 * @param client the client, not closed by this factory
	 */
	public DefaultProducerFactory(LiftbridgeClient client) {
		this(client, List.of(), List.of());
	}

	/**
	 * Creates a factory.
	 * @param client the client, not closed by this factory
	 * @param customizers change the options of each producer, in order
	 * @param listeners are told the fate of each message
	 */
	public DefaultProducerFactory(LiftbridgeClient client, Collection<? extends ProducerCustomizer> customizers,
			Collection<? extends SendListener> listeners) {
		this.client = client;
		this.customizers = List.copyOf(customizers);
		this.listener = CompositeSendListener.of(listeners);
	}

	/**
	 * Sets how long closing waits for messages that are on their way.
	 * @param closeTimeout default 10 s, for all producers together
	 */
	public void setCloseTimeout(Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
	}

	@Override
	public Producer producer(String stream) {
		Producer producer = this.producers.get(stream);
		if (producer != null && !this.closed) {
			return producer;
		}
		return this.producers.compute(stream, (name, existing) -> {
			// Inside, so that closing cannot miss a producer that is being created.
			if (this.closed) {
				throw new ClientClosedException("The producers of this application are closed; a message to stream '"
						+ stream + "' was not sent.", null, LiftbridgeException.Outcome.NOT_SENT);
			}
			return (existing != null) ? existing : create(name);
		});
	}

	/**
	 * Shows the producers that are in use.
	 * @return the producers by stream, not to be closed by the caller
	 */
	public Map<String, Producer> producers() {
		return Map.copyOf(this.producers);
	}

	private Producer create(String stream) {
		ProducerBuilder builder = this.client.producer(stream);
		if (this.listener != SendListener.NONE) {
			builder.listener(new StreamListener(stream, this.listener));
		}
		this.customizers.forEach((customizer) -> customizer.customize(stream, builder));
		return builder.build();
	}

	@Override
	public CompletableFuture<Ack> publishToSubject(String subject, Message message, Duration timeout) {
		return this.client.publishToSubject(subject, message, timeout);
	}

	@Override
	public SendListener listener() {
		return this.listener;
	}

	/**
	 * Refuses new messages and waits for those on their way. The second call is free.
	 */
	@Override
	public void destroy() {
		this.closed = true;
		long deadline = System.nanoTime() + this.closeTimeout.toNanos();
		for (String stream : List.copyOf(this.producers.keySet())) {
			this.producers.computeIfPresent(stream, (name, producer) -> {
				producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
				return null;
			});
		}
	}

	/** Adds the stream to what a producer tells. */
	private record StreamListener(String stream, SendListener listener) implements ProducerListener {

		@Override
		public void onAck(Message message, Ack ack, long nanos) {
			this.listener.acked(this.stream, message, ack, nanos);
		}

		@Override
		public void onFailure(Message message, LiftbridgeException failure) {
			this.listener.failed(this.stream, message, failure);
		}

	}

}
