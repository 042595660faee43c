package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.MessageReader;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.DefaultHeaderMapper;
import io.liftbridge.spring.support.HeaderMapper;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConverters;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.util.Assert;

/**
 * The one class needed for sending. Set it up before its first use; then it is safe for
 * use by many threads.
 */
public class LiftbridgeTemplate implements LiftbridgeOperations {

	private final LiftbridgeClient client;

	private final MessageReader reader;

	private final ProducerFactory producers;

	private final ProducerOverrides overrides;

	private PayloadConverters converters = PayloadConverters.defaults();

	private HeaderMapper headerMapper = new DefaultHeaderMapper();

	private @Nullable String defaultStream;

	private Duration subjectTimeout = Duration.ofSeconds(10);

	private Duration receiveTimeout = Duration.ofSeconds(10);

	private boolean payloadType;

	/**
	 * Creates a template.
	 * @param client reads messages; not closed by this template
	 * @param producers give the producers; not closed by this template
	 */
	public LiftbridgeTemplate(LiftbridgeClient client, ProducerFactory producers) {
		this(client, producers, ProducerOverrides.NONE);
	}

	/**
	 * Creates a template whose producers have options of their own.
	 * @param client reads messages; not closed by this template
	 * @param producers give the producers; not closed by this template
	 * @param overrides what differs from the options of the other producers
	 */
	public LiftbridgeTemplate(LiftbridgeClient client, ProducerFactory producers, ProducerOverrides overrides) {
		this.client = client;
		this.reader = client.reader();
		this.producers = producers;
		this.overrides = overrides;
	}

	/**
	 * Gives a template like this one whose producers have options of their own. Settings
	 * that are changed here later are not changed there.
	 * @param overrides what differs from the options of the factory's other producers
	 * @return the template
	 */
	public LiftbridgeTemplate withOptions(ProducerOverrides overrides) {
		LiftbridgeTemplate other = new LiftbridgeTemplate(this.client, this.producers, overrides);
		other.converters = this.converters;
		other.headerMapper = this.headerMapper;
		other.defaultStream = this.defaultStream;
		other.subjectTimeout = this.subjectTimeout;
		other.receiveTimeout = this.receiveTimeout;
		other.payloadType = this.payloadType;
		return other;
	}

	/**
	 * Sets the converters.
	 * @param converters default {@link PayloadConverters#defaults()}
	 */
	public void setPayloadConverters(PayloadConverters converters) {
		this.converters = converters;
	}

	/**
	 * Sets the translation of headers.
	 * @param headerMapper default {@link DefaultHeaderMapper}
	 */
	public void setHeaderMapper(HeaderMapper headerMapper) {
		this.headerMapper = headerMapper;
	}

	/**
	 * Sets the stream of messages that name none.
	 * @param defaultStream the stream's name, or {@code null} for none (default)
	 */
	public void setDefaultStream(@Nullable String defaultStream) {
		this.defaultStream = defaultStream;
	}

	/**
	 * Sets how long a message to a subject waits for its acknowledgement.
	 * @param subjectTimeout default 10 s
	 */
	public void setSubjectTimeout(Duration subjectTimeout) {
		this.subjectTimeout = subjectTimeout;
	}

	/**
	 * Sets how long reading waits for a broker.
	 * @param receiveTimeout default 10 s
	 */
	public void setReceiveTimeout(Duration receiveTimeout) {
		this.receiveTimeout = receiveTimeout;
	}

	/**
	 * Sets whether messages name the class of their payload, in the header
	 * {@link LiftbridgeHeaders#PAYLOAD_TYPE}, so that listeners with several methods need
	 * not guess. A header that the sender sets stays as it is; text, bytes and other
	 * classes of Java's own are not named.
	 * @param payloadType default {@code false}
	 */
	public void setPayloadType(boolean payloadType) {
		this.payloadType = payloadType;
	}

	@Override
	public CompletableFuture<Ack> send(String stream, Object payload) {
		return send(stream, null, payload);
	}

	@Override
	public CompletableFuture<Ack> send(String stream, @Nullable String key, Object payload) {
		return dispatch(stream, convert(payload, Map.of()).key(key).build());
	}

	@Override
	public CompletableFuture<Ack> send(org.springframework.messaging.Message<?> message) {
		return dispatch(new MessageHeaderReader(message.getHeaders()).stream(), element(message));
	}

	@Override
	public CompletableFuture<Ack> sendDefault(Object payload) {
		return sendDefault(null, payload);
	}

	@Override
	public CompletableFuture<Ack> sendDefault(@Nullable String key, Object payload) {
		return dispatch(null, convert(payload, Map.of()).key(key).build());
	}

	@Override
	public Ack sendAndWait(String stream, Object payload, Duration timeout) {
		return sendAndWait(stream, null, payload, timeout);
	}

	@Override
	public Ack sendAndWait(String stream, @Nullable String key, Object payload, Duration timeout) {
		return await(send(stream, key, payload), stream, timeout);
	}

	@Override
	public <T> SendResults<T> sendAll(String stream, Stream<T> payloads) {
		return new SendResults<>(payloads.iterator(), (payload) -> sendElement(stream, payload), payloads::close);
	}

	@Override
	public <T> SendResults<T> sendAll(String stream, Iterable<T> payloads) {
		return new SendResults<>(payloads.iterator(), (payload) -> sendElement(stream, payload), () -> {
		});
	}

	/** Sends a payload, or a message whose header may name another stream. */
	CompletableFuture<Ack> sendElement(String stream, Object payload) {
		String named = (payload instanceof org.springframework.messaging.Message<?> message)
				? new MessageHeaderReader(message.getHeaders()).stream() : null;
		return dispatch((named != null) ? named : stream, element(payload));
	}

	@Override
	public CompletableFuture<List<Ack>> sendBatchEntry(String stream, Collection<?> payloads, Compression compression) {
		return this.producers.sendBatchEntry(stream, payloads.stream().map(this::element).toList(), compression,
				this.overrides);
	}

	private Message element(Object payload) {
		if (!(payload instanceof org.springframework.messaging.Message<?> message)) {
			return convert(payload, Map.of()).build();
		}
		Message.Builder builder = convert(message.getPayload(), message.getHeaders());
		new MessageHeaderReader(message.getHeaders()).apply(builder);
		return builder.build();
	}

	@Override
	public CompletableFuture<Ack> sendToSubject(String subject, Object payload) {
		return dispatchToSubject(subject, convert(payload, Map.of()).build());
	}

	CompletableFuture<Ack> dispatchToSubject(String subject, Message message) {
		return this.producers.publishToSubject(subject, message, this.subjectTimeout);
	}

	@Override
	public MessageBuilder newMessage(Object payload) {
		return new DefaultMessageBuilder((stream) -> this, this::resolve, payload);
	}

	@Override
	public @Nullable ReceivedMessage<byte[]> receive(String stream, int partition, long offset) {
		return this.reader.read(stream, partition, offset, this.receiveTimeout);
	}

	@Override
	public <T> @Nullable ReceivedMessage<T> receive(String stream, int partition, long offset, Class<T> type) {
		ReceivedMessage<byte[]> message = receive(stream, partition, offset);
		return (message != null) ? DefaultStreamReader.convert(this.converters, message, ResolvableType.forClass(type))
				: null;
	}

	@Override
	public List<ReceivedMessage<byte[]>> receive(String stream, int partition, StartPosition start, int limit) {
		return this.reader.read(stream, partition, start, limit, this.receiveTimeout);
	}

	@Override
	public <T> List<ReceivedMessage<T>> receive(String stream, int partition, StartPosition start, StopPosition stop,
			int limit, Class<T> type) {
		ResolvableType wanted = ResolvableType.forClass(type);
		return this.reader.read(stream, partition, start, stop, limit, this.receiveTimeout)
			.stream()
			.map((message) -> DefaultStreamReader.<T>convert(this.converters, message, wanted))
			.toList();
	}

	@Override
	public StreamReader<byte[]> read(String stream) {
		return new DefaultStreamReader<>(this.client, this.converters, stream, ResolvableType.forClass(byte[].class));
	}

	/** Starts a message with its value, its headers and its content type. */
	Message.Builder convert(Object payload, Map<String, Object> headers) {
		Assert.notNull(payload, "Payload must not be null: send an empty byte[] or String for an empty message");
		Headers mapped = headers.isEmpty() ? Headers.empty() : this.headerMapper.toLiftbridge(headers);
		PayloadConverters.Written written = this.converters.write(payload, mapped.text(LiftbridgeHeaders.CONTENT_TYPE));
		Message.Builder builder = Message.builder().value(written.value()).headers(mapped);
		String contentType = written.contentType();
		if (contentType != null) {
			builder.header(LiftbridgeHeaders.CONTENT_TYPE, contentType);
		}
		Class<?> type = payload.getClass();
		if (this.payloadType && mapped.text(LiftbridgeHeaders.PAYLOAD_TYPE) == null && isNamed(type)) {
			builder.header(LiftbridgeHeaders.PAYLOAD_TYPE, type.getSimpleName());
		}
		return builder;
	}

	private static boolean isNamed(Class<?> type) {
		return !type.isArray() && !type.getName().startsWith("java.") && !type.getSimpleName().isEmpty();
	}

	/** Hands a message to the stream's producer. */
	CompletableFuture<Ack> dispatch(@Nullable String stream, Message message) {
		return dispatch(stream, message, null);
	}

	/** Hands a message to one of the stream's producers. */
	CompletableFuture<Ack> dispatch(@Nullable String stream, Message message, @Nullable ProducerOverrides overrides) {
		ProducerOverrides chosen = (overrides != null) ? overrides : this.overrides;
		String target = resolve(stream);
		// A factory of the user's own may know nothing of options.
		return chosen.isEmpty() ? this.producers.send(target, message) : this.producers.send(target, message, chosen);
	}

	String resolve(@Nullable String stream) {
		String target = (stream != null) ? stream : this.defaultStream;
		if (target == null) {
			throw new IllegalArgumentException("The message names no stream and the template has no default stream."
					+ " Name one, or set the default stream (liftbridge.template.default-stream).");
		}
		return target;
	}

	static Ack await(CompletableFuture<Ack> future, String stream, Duration timeout) {
		try {
			return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new AckTimeoutException("No acknowledgement from stream '" + stream + "' within " + timeout
					+ ". The message may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof LiftbridgeException failure) {
				throw failure;
			}
			throw new LiftbridgeException("A message to stream '" + stream + "' failed: " + ex.getCause(), ex,
					Outcome.INDETERMINATE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while waiting for the acknowledgement from stream '" + stream
					+ "'. The message may be stored all the same.", ex, Outcome.INDETERMINATE);
		}
	}

}
