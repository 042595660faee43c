package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.core.LiftbridgeOperations.MessageBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Collects the parts of a message for a template that may depend on its stream.
 */
final class DefaultMessageBuilder implements MessageBuilder {

	/** Which template sends to a stream or subject. */
	private final Function<String, LiftbridgeTemplate> target;

	/** Gives a stream's name for the one that was named, or for none. */
	private final Function<@Nullable String, String> resolution;

	private final Object payload;

	private final Map<String, Object> headers = new LinkedHashMap<>();

	private @Nullable String stream;

	private byte @Nullable [] key;

	private int partition = Message.ANY_PARTITION;

	private @Nullable AckPolicy ackPolicy;

	private long expectedOffset = Message.ANY_OFFSET;

	private long publishingId = Message.NO_PUBLISHING_ID;

	private String correlationId = "";

	private @Nullable ProducerOverrides overrides;

	DefaultMessageBuilder(Function<String, LiftbridgeTemplate> target, Function<@Nullable String, String> resolution,
			Object payload) {
		this.target = target;
		this.resolution = resolution;
		this.payload = payload;
	}

	@Override
	public MessageBuilder stream(String stream) {
		this.stream = stream;
		return this;
	}

	@Override
	public MessageBuilder key(@Nullable String key) {
		this.key = Message.builder().key(key).build().key();
		return this;
	}

	@Override
	public MessageBuilder key(byte @Nullable [] key) {
		this.key = key;
		return this;
	}

	@Override
	public MessageBuilder header(String name, Object value) {
		this.headers.put(name, value);
		return this;
	}

	@Override
	public MessageBuilder partition(int partition) {
		this.partition = partition;
		return this;
	}

	@Override
	public MessageBuilder ackPolicy(AckPolicy ackPolicy) {
		this.ackPolicy = ackPolicy;
		return this;
	}

	@Override
	public MessageBuilder expectedOffset(long expectedOffset) {
		this.expectedOffset = expectedOffset;
		return this;
	}

	@Override
	public MessageBuilder publishingId(long publishingId) {
		this.publishingId = publishingId;
		return this;
	}

	@Override
	public MessageBuilder correlationId(String correlationId) {
		this.correlationId = correlationId;
		return this;
	}

	@Override
	public MessageBuilder options(ProducerOverrides overrides) {
		this.overrides = overrides;
		return this;
	}

	@Override
	public CompletableFuture<Ack> send() {
		String resolved = this.resolution.apply(this.stream);
		LiftbridgeTemplate target = this.target.apply(resolved);
		return target.dispatch(resolved, message(target), this.overrides);
	}

	@Override
	public CompletableFuture<Ack> sendToSubject(String subject) {
		LiftbridgeTemplate target = this.target.apply(subject);
		return target.dispatchToSubject(subject, message(target));
	}

	private Message message(LiftbridgeTemplate target) {
		return target.convert(this.payload, this.headers)
			.key(this.key)
			.partition(this.partition)
			.ackPolicy(this.ackPolicy)
			.expectedOffset(this.expectedOffset)
			.publishingId(this.publishingId)
			.correlationId(this.correlationId)
			.build();
	}

	@Override
	public Ack sendAndWait(Duration timeout) {
		return LiftbridgeTemplate.await(send(), this.resolution.apply(this.stream), timeout);
	}

}
