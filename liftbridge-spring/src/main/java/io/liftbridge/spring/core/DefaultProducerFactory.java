package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.entry.Compression;
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
 * One producer per stream and set of overriding options, created with the first message
 * and kept until this factory is closed, unless its stream does not exist. Safe for use
 * by many threads.
 */
public class DefaultProducerFactory implements ProducerFactory, DisposableBean {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final LiftbridgeClient client;

	private final List<ProducerCustomizer> customizers;

	private final SendListener listener;

	private final Interceptors interceptors;

	private final SendListener intercepting;

	private final ConcurrentMap<Key, Producer> producers = new ConcurrentHashMap<>();

	private volatile @Nullable ObservedSends observed;

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
	 * @param listeners are told the fate of each message; those that are a
	 * {@link PublishInterceptor} may change it before
	 */
	public DefaultProducerFactory(LiftbridgeClient client, Collection<? extends ProducerCustomizer> customizers,
			Collection<? extends SendListener> listeners) {
		this.client = client;
		this.customizers = List.copyOf(customizers);
		this.listener = CompositeSendListener.of(listeners);
		this.interceptors = Interceptors.among(listeners);
		this.intercepting = CompositeSendListener.of(this.interceptors.all());
	}

	/**
	 * Sets how long closing waits for messages that are on their way.
	 * @param closeTimeout default 10 s, for all producers together
	 */
	public void setCloseTimeout(Duration closeTimeout) {
		this.closeTimeout = closeTimeout;
	}

	/**
	 * Sets who accompanies messages: those of templates, replies and dead letters. Before
	 * the first one is sent.
	 * @param observer default {@code null} for nobody
	 */
	public void setSendObserver(@Nullable SendObserver observer) {
		this.observed = (observer != null) ? new ObservedSends(observer) : null;
	}

	@Override
	public Producer producer(String stream) {
		return producer(stream, ProducerOverrides.NONE);
	}

	@Override
	public Producer producer(String stream, ProducerOverrides overrides) {
		Key key = new Key(stream, overrides);
		Producer producer = this.producers.get(key);
		if (producer != null && !this.closed) {
			return producer;
		}
		checkOpen(stream);
		Producer created = this.producers.computeIfAbsent(key, this::create);
		if (this.closed && this.producers.remove(key, created)) {
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
	public CompletableFuture<Ack> send(String stream, Message message, ProducerOverrides overrides) {
		Message changed;
		try {
			changed = this.interceptors.apply(stream, message);
		}
		catch (LiftbridgeException ex) {
			return Refusals.refuse(stream, 1, ex);
		}
		ObservedSends observing = this.observed;
		return (observing == null) ? send(new Key(stream, overrides), changed) : observing.send(stream,
				List.of(changed), (messages) -> send(new Key(stream, overrides), messages.get(0)));
	}

	private CompletableFuture<Ack> send(Key key, Message message) {
		return keeping(key, () -> ProducerFactory.super.send(key.stream, message, key.overrides));
	}

	@Override
	public CompletableFuture<List<Ack>> sendBatchEntry(String stream, List<Message> records, Compression compression,
			ProducerOverrides overrides) {
		List<Message> changed;
		try {
			changed = records.stream().map((record) -> this.interceptors.apply(stream, record)).toList();
		}
		catch (LiftbridgeException ex) {
			return Refusals.refuse(stream, records.size(), ex);
		}
		Key key = new Key(stream, overrides);
		ObservedSends observing = this.observed;
		return (observing == null || changed.isEmpty()) ? sendBatchEntry(key, changed, compression)
				: observing.send(stream, changed, (messages) -> sendBatchEntry(key, messages, compression));
	}

	private CompletableFuture<List<Ack>> sendBatchEntry(Key key, List<Message> records, Compression compression) {
		return keeping(key,
				() -> ProducerFactory.super.sendBatchEntry(key.stream, records, compression, key.overrides));
	}

	private <T> CompletableFuture<T> keeping(Key key, Supplier<CompletableFuture<T>> sending) {
		CompletableFuture<T> sent = sending.get();
		Throwable refusal = refusal(sent);
		if (refusal instanceof ClientClosedException && !this.closed) {
			// Somebody else has just found out that the stream did not exist.
			if (sent instanceof RefusedSend<T> refused) {
				refused.observe();
			}
			sent = sending.get();
			refusal = refusal(sent);
		}
		if (refusal instanceof StreamNotFoundException) {
			Producer useless = this.producers.get(key);
			if (useless != null && useless.inFlight() == 0 && this.producers.remove(key, useless)) {
				useless.close(Duration.ZERO);
			}
		}
		return sent;
	}

	/** Why a message was not even sent. */
	private static @Nullable Throwable refusal(CompletableFuture<?> sent) {
		if (sent instanceof RefusedSend<?> refused) {
			// The caller is still to look at it.
			return refused.reason();
		}
		return sent.isCompletedExceptionally() ? sent.handle((ack, failure) -> failure).join() : null;
	}

	/**
	 * Shows the producers that are in use.
	 * @return the producers by stream, not to be closed by the caller
	 */
	public Map<String, List<Producer>> producers() {
		Map<String, List<Producer>> found = new TreeMap<>();
		this.producers
			.forEach((key, producer) -> found.computeIfAbsent(key.stream, (stream) -> new ArrayList<>()).add(producer));
		return found;
	}

	private Producer create(Key key) {
		String stream = key.stream;
		ProducerBuilder builder = this.client.producer(stream);
		ObservedSends observing = this.observed;
		if (this.listener != SendListener.NONE) {
			builder.listener(new StreamListener(stream, this.listener));
		}
		if (observing != null) {
			// Whoever sets another listener must not keep what has begun from its end.
			builder.addListener(observing);
		}
		this.customizers.forEach((customizer) -> customizer.customize(stream, builder));
		key.overrides.apply(stream, builder);
		return builder.build();
	}

	@Override
	public CompletableFuture<Ack> publishToSubject(String subject, Message message, Duration timeout) {
		Message changed;
		try {
			changed = this.interceptors.apply(subject, message);
		}
		catch (LiftbridgeException ex) {
			return Refusals.refuse(subject, 1, ex);
		}
		ObservedSends observing = this.observed;
		return (observing == null) ? publish(subject, changed, timeout)
				: observing.publish(subject, changed, (sent) -> publish(subject, sent, timeout));
	}

	private CompletableFuture<Ack> publish(String subject, Message changed, Duration timeout) {
		if (this.intercepting == SendListener.NONE) {
			return this.client.publishToSubject(subject, changed, timeout);
		}
		long begin = System.nanoTime();
		this.intercepting.sent(subject, changed);
		return this.client.publishToSubject(subject, changed, timeout).whenComplete((ack, failure) -> {
			if (failure == null) {
				this.intercepting.acked(subject, changed, ack, System.nanoTime() - begin);
			}
			else {
				this.intercepting.failed(subject, changed, known(subject, failure));
			}
		});
	}

	private static LiftbridgeException known(String subject, Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof LiftbridgeException known) ? known
				: new LiftbridgeException("A message to subject '" + subject + "' failed: " + cause, cause,
						LiftbridgeException.Outcome.INDETERMINATE);
	}

	@Override
	public SendListener listener() {
		return this.listener;
	}

	/**
	 * Refuses new messages and waits for those on their way. What was refused until now
	 * and nobody has looked at is logged. The second call is free.
	 */
	@Override
	public void destroy() {
		this.closed = true;
		long deadline = System.nanoTime() + this.closeTimeout.toNanos();
		for (Key key : List.copyOf(this.producers.keySet())) {
			// Not inside the map, whose other entries would have to wait.
			Producer producer = this.producers.remove(key);
			if (producer != null) {
				producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
			}
		}
		// The application may end before it would be time.
		Refusals.log();
	}

	/** What producers are told apart by. */
	private record Key(String stream, ProducerOverrides overrides) {

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
