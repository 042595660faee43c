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
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.ProducerListener;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;

/**
 * One producer per stream, created with the first message and kept until this factory is
 * closed, unless its stream does not exist. All share one set of options; use a second
 * factory with its own template for another set. Safe for use by many threads.
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
		checkOpen(stream);
		Producer created = this.producers.computeIfAbsent(stream, this::create);
		if (this.closed && this.producers.remove(stream, created)) {
			// Closing has missed it.
			created.close(Duration.ZERO);
			checkOpen(stream);
		}
		return created;
	}

	private void checkOpen(String stream) {
		if (this.closed) {
			throw new ClientClosedException(
					"The producers of this application are closed; a message to stream '" + stream + "' was not sent.",
					null, LiftbridgeException.Outcome.NOT_SENT);
		}
	}

	/**
	 * Sends a message. The producer of a stream that does not exist is not kept, so that
	 * names which are made up do not pile up.
	 */
	@Override
	public CompletableFuture<Ack> send(String stream, Message message) {
		CompletableFuture<Ack> sent = ProducerFactory.super.send(stream, message);
		Throwable refusal = refusal(sent);
		if (refusal instanceof ClientClosedException && !this.closed) {
			// Somebody else has just found out that the stream did not exist.
			sent = ProducerFactory.super.send(stream, message);
			refusal = refusal(sent);
		}
		if (refusal instanceof StreamNotFoundException) {
			Producer useless = this.producers.get(stream);
			if (useless != null && useless.inFlight() == 0 && this.producers.remove(stream, useless)) {
				useless.close(Duration.ZERO);
			}
		}
		return sent;
	}

	/** Why a message was not even sent. */
	private static @Nullable Throwable refusal(CompletableFuture<Ack> sent) {
		return sent.isCompletedExceptionally() ? sent.handle((ack, failure) -> failure).join() : null;
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
			// Not inside the map, whose other entries would have to wait.
			Producer producer = this.producers.remove(stream);
			if (producer != null) {
				producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
			}
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
