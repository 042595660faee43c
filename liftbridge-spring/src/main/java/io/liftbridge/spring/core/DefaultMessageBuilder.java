package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.spring.core.LiftbridgeOperations.MessageBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The template's builder.
 */
final class DefaultMessageBuilder implements MessageBuilder {

	private final LiftbridgeTemplate template;

	private final Object payload;

	private final Map<String, Object> headers = new LinkedHashMap<>();

	private @Nullable String stream;

	private byte @Nullable [] key;

	private int partition = Message.ANY_PARTITION;

	private @Nullable AckPolicy ackPolicy;

	DefaultMessageBuilder(LiftbridgeTemplate template, Object payload) {
		this.template = template;
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
	public CompletableFuture<Ack> send() {
		Message message = this.template.convert(this.payload, this.headers)
			.key(this.key)
			.partition(this.partition)
			.ackPolicy(this.ackPolicy)
			.build();
		return this.template.dispatch(this.stream, message);
	}

	@Override
	public Ack sendAndWait(Duration timeout) {
		return LiftbridgeTemplate.await(send(), this.template.resolve(this.stream), timeout);
	}

}
