package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Leaves each message to the template whose pattern fits its stream, or the NATS subject
 * it goes to; the first one that fits counts. Templates may have converters of their own,
 * or options of their producers, see
 * {@link LiftbridgeTemplate#withOptions(ProducerOverrides)}. Where no route fits an
 * {@link UnroutedStreamException} is thrown. Safe for use by many threads.
 */
public final class RoutingLiftbridgeTemplate implements LiftbridgeOperations {

	/** Streams have few names; those that are made up must not pile up. */
	private static final int MOST_KNOWN = 1000;

	private final List<Map.Entry<Pattern, LiftbridgeTemplate>> routes;

	private final @Nullable LiftbridgeTemplate otherwise;

	private final @Nullable String defaultStream;

	private final ConcurrentMap<String, LiftbridgeTemplate> known = new ConcurrentHashMap<>();

	private RoutingLiftbridgeTemplate(Builder builder) {
		this.routes = List.copyOf(builder.routes);
		this.otherwise = builder.otherwise;
		this.defaultStream = builder.defaultStream;
	}

	/**
	 * Begins with no routes.
	 * @return a builder, for one thread
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Tells which template a stream is left to.
	 * @param stream the stream's name
	 * @return the template
	 * @throws UnroutedStreamException if there is none
	 */
	public LiftbridgeTemplate template(String stream) {
		LiftbridgeTemplate found = this.known.get(stream);
		if (found == null) {
			found = find(stream);
			if (this.known.size() < MOST_KNOWN) {
				this.known.put(stream, found);
			}
		}
		return found;
	}

	private LiftbridgeTemplate find(String stream) {
		for (Map.Entry<Pattern, LiftbridgeTemplate> route : this.routes) {
			if (route.getKey().matcher(stream).matches()) {
				return route.getValue();
			}
		}
		if (this.otherwise == null) {
			throw new UnroutedStreamException(stream,
					this.routes.stream().map((route) -> route.getKey().pattern()).toList());
		}
		return this.otherwise;
	}

	private String resolve(@Nullable String stream) {
		String target = (stream != null) ? stream : this.defaultStream;
		if (target == null) {
			throw new IllegalArgumentException("The message names no stream and the routing template has no default"
					+ " stream. Name one, or set defaultStream(...).");
		}
		return target;
	}

	@Override
	public CompletableFuture<Ack> send(String stream, Object payload) {
		return template(stream).send(stream, payload);
	}

	@Override
	public CompletableFuture<Ack> send(String stream, @Nullable String key, Object payload) {
		return template(stream).send(stream, key, payload);
	}

	@Override
	public CompletableFuture<Ack> send(Message<?> message) {
		String stream = resolve(new MessageHeaderReader(message.getHeaders()).stream());
		return template(stream).sendElement(stream, message);
	}

	@Override
	public CompletableFuture<Ack> sendDefault(Object payload) {
		return send(resolve(null), payload);
	}

	@Override
	public CompletableFuture<Ack> sendDefault(@Nullable String key, Object payload) {
		return send(resolve(null), key, payload);
	}

	@Override
	public Ack sendAndWait(String stream, Object payload, Duration timeout) {
		return template(stream).sendAndWait(stream, payload, timeout);
	}

	@Override
	public Ack sendAndWait(String stream, @Nullable String key, Object payload, Duration timeout) {
		return template(stream).sendAndWait(stream, key, payload, timeout);
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

	private CompletableFuture<Ack> sendElement(String stream, Object payload) {
		String named = (payload instanceof Message<?> message) ? new MessageHeaderReader(message.getHeaders()).stream()
				: null;
		String target = (named != null) ? named : stream;
		return template(target).sendElement(target, payload);
	}

	@Override
	public CompletableFuture<List<Ack>> sendBatchEntry(String stream, Collection<?> payloads, Compression compression) {
		return template(stream).sendBatchEntry(stream, payloads, compression);
	}

	@Override
	public CompletableFuture<Ack> sendToSubject(String subject, Object payload) {
		return template(subject).sendToSubject(subject, payload);
	}

	@Override
	public MessageBuilder newMessage(Object payload) {
		return new DefaultMessageBuilder(this::template, this::resolve, payload);
	}

	@Override
	public @Nullable ReceivedMessage<byte[]> receive(String stream, int partition, long offset) {
		return template(stream).receive(stream, partition, offset);
	}

	@Override
	public <T> @Nullable ReceivedMessage<T> receive(String stream, int partition, long offset, Class<T> type) {
		return template(stream).receive(stream, partition, offset, type);
	}

	@Override
	public List<ReceivedMessage<byte[]>> receive(String stream, int partition, StartPosition start, int limit) {
		return template(stream).receive(stream, partition, start, limit);
	}

	@Override
	public <T> List<ReceivedMessage<T>> receive(String stream, int partition, StartPosition start, StopPosition stop,
			int limit, Class<T> type) {
		return template(stream).receive(stream, partition, start, stop, limit, type);
	}

	@Override
	public StreamReader<byte[]> read(String stream) {
		return template(stream).read(stream);
	}

	/**
	 * Collects routes. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final List<Map.Entry<Pattern, LiftbridgeTemplate>> routes = new ArrayList<>();

		private @Nullable LiftbridgeTemplate otherwise;

		private @Nullable String defaultStream;

		private Builder() {
		}

		/**
		 * Adds a route behind those that were added before.
		 * @param pattern a regular expression, which the whole name of a stream must
		 * match
		 * @param template sends and reads
		 * @return this builder
		 * @throws java.util.regex.PatternSyntaxException if it is no regular expression
		 */
		public Builder route(String pattern, LiftbridgeTemplate template) {
			this.routes.add(Map.entry(Pattern.compile(pattern), template));
			return this;
		}

		/**
		 * Sets what is used where no route fits.
		 * @param template sends and reads; by default there is none
		 * @return this builder
		 */
		public Builder otherwise(LiftbridgeTemplate template) {
			this.otherwise = template;
			return this;
		}

		/**
		 * Sets the stream of messages that name none.
		 * @param defaultStream the stream's name; by default there is none
		 * @return this builder
		 */
		public Builder defaultStream(String defaultStream) {
			this.defaultStream = defaultStream;
			return this;
		}

		/**
		 * Completes the template.
		 * @return the template
		 * @throws IllegalArgumentException if there is no route at all
		 */
		public RoutingLiftbridgeTemplate build() {
			if (this.routes.isEmpty() && this.otherwise == null) {
				throw new IllegalArgumentException("The routing template has no route: add one with route(...).");
			}
			return new RoutingLiftbridgeTemplate(this);
		}

	}

}
