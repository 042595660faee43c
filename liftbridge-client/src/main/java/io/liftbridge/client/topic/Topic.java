package io.liftbridge.client.topic;

import io.liftbridge.client.consumer.MessageHandler;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.UnreadableEventException;

/**
 * A stream of typed events. Immutable and safe for use by many threads.
 *
 * <pre>{@code
 * Topic<Order> orders = client.topic("orders", TopicDefinition.of("orders", EventSerializers.json(Order.class))
 *     .validator(EventPatternValidator.of("{\"amount\": [{\"numeric\": [\">\", 0]}]}")));
 * try (TopicProducer<Order> producer = orders.producer().build()) {
 *     producer.send("k1", order);
 * }
 * orders.subscribe((message) -> bill(message.value())).from(StartPosition.earliest()).start();
 * }</pre>
 *
 * @param <T> type of the events
 */
public final class Topic<T> {

	private final TopicDefinition<T> definition;

	private final Topics topics;

	Topic(TopicDefinition<T> definition, Topics topics) {
		this.definition = definition;
		this.topics = topics;
	}

	/**
	 * The stream, whose name the topic has.
	 * @return its name
	 */
	public String stream() {
		return this.definition.stream();
	}

	/**
	 * What the topic is.
	 * @return its definition
	 */
	public TopicDefinition<T> definition() {
		return this.definition;
	}

	/**
	 * The same topic, of whose events only a part of the data is taken. What is left out
	 * is neither copied nor converted; it was transferred all the same, as the server
	 * delivers whole messages. Only for topics of {@link Event}s.
	 * @param selector chooses by the metadata
	 * @return the topic for readers
	 * @throws InvalidRequestException if the topic carries something else
	 */
	public Topic<T> select(DataSelector selector) {
		return new Topic<>(
				TopicDefinition.of(stream(), SelectingSerializer.of(stream(), this.definition.serializer(), selector))
					.partitions(this.definition.partitions())
					.validator(this.definition.validator())
					.selector(this.definition.selector()),
				this.topics);
	}

	/**
	 * Starts a producer.
	 * @return a builder
	 */
	public TopicProducerBuilder<T> producer() {
		return new TopicProducerBuilder<>(this.definition, this.topics.producer(stream()), this.topics::start);
	}

	/**
	 * Reads at the pace of whoever asks.
	 * @return a builder
	 */
	public TopicConsumerBuilder<T> consumer() {
		return new TopicConsumerBuilder<>(this, this.topics.consumer(stream()));
	}

	/**
	 * Reads as messages arrive.
	 * @param handler takes them; a message that cannot be read ends the subscription with
	 * an {@link UnreadableEventException}
	 * @return a builder, with this handler
	 */
	public SubscriptionBuilder subscribe(TopicHandler<? super T> handler) {
		return this.topics.subscription(stream()).handler(handler(handler));
	}

	/**
	 * Takes messages as they are stored and hands them on as events, as in a consumer
	 * group:
	 * {@code client.group("billing").streams("orders").handler(orders.handler(...))}.
	 * @param handler takes the events
	 * @return a handler of messages, which throws an {@link UnreadableEventException} for
	 * one that cannot be read
	 */
	public MessageHandler handler(TopicHandler<? super T> handler) {
		return (message) -> handler.onMessage(cast(read(message)));
	}

	/** Nobody can put anything into a message. */
	@SuppressWarnings("unchecked")
	private static <S> ReceivedMessage<S> cast(ReceivedMessage<? extends S> message) {
		return (ReceivedMessage<S>) message;
	}

	/**
	 * Reads the event of a message.
	 * @param message the message
	 * @return the same message with the event as its value
	 * @throws UnreadableEventException if it cannot be read
	 */
	public ReceivedMessage<T> read(ReceivedMessage<byte[]> message) {
		try {
			return message.withValue(this.definition.serializer().deserialize(message));
		}
		catch (Exception ex) {
			throw new UnreadableEventException(
					"Topic '" + stream() + "' partition " + message.partition() + " offset " + message.offset()
							+ " cannot be read as " + this.definition.serializer().type().getSimpleName() + ": "
							+ ex.getMessage() + ". Read it as bytes, or skip it (TopicConsumerBuilder.onUnreadable).",
					message, ex);
		}
	}

	@Override
	public String toString() {
		return "Topic[" + stream() + "]";
	}

}
