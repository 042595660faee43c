package io.liftbridge.client.topic;

import java.util.Optional;

import io.liftbridge.client.consumer.MessageHandler;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MissingDataException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.UnreadableEventException;
import io.liftbridge.client.topic.DataSelector.Selection;

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
	 * is neither copied nor converted. Where the data is stored apart from the event
	 * ({@link TopicProducerBuilder#claimCheckAbove}) it is not transferred either; else
	 * it is, as the server delivers whole messages. Only for topics of {@link Event}s.
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
		return new TopicProducerBuilder<>(this.definition, this.topics.producer(stream()), this.topics);
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
	 * Reads the event of a message. If its data is stored apart from it, that is fetched
	 * meanwhile, until nothing has arrived for 30 s.
	 * @param message the message
	 * @return the same message with the event as its value
	 * @throws UnreadableEventException if it cannot be read, or its data is not there any
	 * more ({@link MissingDataException})
	 * @throws LiftbridgeException if its data cannot be fetched at the moment
	 */
	public ReceivedMessage<T> read(ReceivedMessage<byte[]> message) {
		Optional<DataDescriptor> place = Optional.empty();
		try {
			if (message.headers().get(DataDescriptor.HEADER) != null) {
				place = DataDescriptor.of(message);
			}
			return message.withValue(place.isPresent() ? fetch(message, place.get())
					: this.definition.serializer().deserialize(message));
		}
		catch (Exception ex) {
			if (place.isPresent() && ex instanceof LiftbridgeException known && !(ex instanceof MissingDataException)) {
				throw known;
			}
			throw new UnreadableEventException(
					"Topic '" + stream() + "' partition " + message.partition() + " offset " + message.offset()
							+ " cannot be read as " + this.definition.serializer().type().getSimpleName() + ": "
							+ reason(ex) + ". Read it as bytes, or skip it (TopicConsumerBuilder.onUnreadable).",
					message, ex);
		}
	}

	/** Without the stop at its end. */
	private static String reason(Exception failure) {
		String text = failure.getMessage();
		if (text == null || text.isBlank()) {
			return failure.getClass().getName();
		}
		return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
	}

	/** Decides by the metadata before anything is fetched. */
	private T fetch(ReceivedMessage<byte[]> message, DataDescriptor place) throws Exception {
		Selection wanted = Selection.ALL;
		EventSerializer<T> serializer = this.definition.serializer();
		if (serializer instanceof SelectingSerializer<T> selecting) {
			wanted = selecting.wanted(Metadata.of(message));
			serializer = selecting.whole();
		}
		return serializer.deserialize(message.withValue(this.topics.data().read(place, wanted)));
	}

	@Override
	public String toString() {
		return "Topic[" + stream() + "]";
	}

}
