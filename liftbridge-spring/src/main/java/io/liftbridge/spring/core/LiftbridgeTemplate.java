package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.MessageReader;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
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

	private final MessageReader reader;

	private final ProducerFactory producers;

	private PayloadConverters converters = PayloadConverters.defaults();

	private HeaderMapper headerMapper = new DefaultHeaderMapper();

	private @Nullable String defaultStream;

	private Duration subjectTimeout = Duration.ofSeconds(10);

	private Duration receiveTimeout = Duration.ofSeconds(10);

	/**
	 * Creates a template.
	 * @param client reads messages; not closed by this template
	 * @param producers give the producers; not closed by this template
	 */
	public LiftbridgeTemplate(LiftbridgeClient client, ProducerFactory producers) {
		this.reader = client.reader();
		this.producers = producers;
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
		MessageHeaderReader headers = new MessageHeaderReader(message.getHeaders());
		Message.Builder builder = convert(message.getPayload(), message.getHeaders());
		headers.apply(builder);
		return dispatch(headers.stream(), builder.build());
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
	public CompletableFuture<Ack> sendToSubject(String subject, Object payload) {
		return this.producers.publishToSubject(subject, convert(payload, Map.of()).build(), this.subjectTimeout);
	}

	@Override
	public MessageBuilder newMessage(Object payload) {
		return new DefaultMessageBuilder(this, payload);
	}

	@Override
	public @Nullable ReceivedMessage<byte[]> receive(String stream, int partition, long offset) {
		return this.reader.read(stream, partition, offset, this.receiveTimeout);
	}

	@Override
	public <T> @Nullable ReceivedMessage<T> receive(String stream, int partition, long offset, Class<T> type) {
		ReceivedMessage<byte[]> message = receive(stream, partition, offset);
		if (message == null) {
			return null;
		}
		Object payload = this.converters.read(message.value(), ResolvableType.forClass(type),
				message.headers().text(LiftbridgeHeaders.CONTENT_TYPE));
		return message.withValue(type.cast(payload));
	}

	@Override
	public List<ReceivedMessage<byte[]>> receive(String stream, int partition, StartPosition start, int limit) {
		return this.reader.read(stream, partition, start, limit, this.receiveTimeout);
	}

	/** Starts a message with its value, its headers and its content type. */
	Message.Builder convert(Object payload, Map<String, Object> headers) {
		Assert.notNull(payload, "Payload must not be null: send an empty byte[] or String for an empty message");
		PayloadConverters.Written written = this.converters.write(payload);
		Message.Builder builder = Message.builder().value(written.value());
		if (!headers.isEmpty()) {
			builder.headers(this.headerMapper.toLiftbridge(headers));
		}
		String contentType = written.contentType();
		if (contentType != null) {
			builder.header(LiftbridgeHeaders.CONTENT_TYPE, contentType);
		}
		return builder;
	}

	/** Hands a message to the stream's producer. */
	CompletableFuture<Ack> dispatch(@Nullable String stream, Message message) {
		return this.producers.send(resolve(stream), message);
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
