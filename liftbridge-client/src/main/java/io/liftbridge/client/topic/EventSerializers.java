package io.liftbridge.client.topic;

import com.google.protobuf.MessageLite;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;

/**
 * The serializers that come with the client. Readers find each of them again.
 */
public final class EventSerializers {

	private static final EventSerializer<byte[]> BYTES = new PlainSerializer<>("bytes", byte[].class,
			(bytes, message) -> message.value(bytes), (message) -> message.value());

	private static final EventSerializer<String> TEXT = new PlainSerializer<>("text", String.class,
			(text, message) -> message.value(text), (message) -> message.text());

	private static final EventSerializer<Data> DATA = new PlainSerializer<>("data", Data.class,
			(data, message) -> message.value(data), (message) -> Data.of(message.value()));

	private static final EventSerializer<Event> EVENTS = new PlainSerializer<>("event", Event.class,
			EventSerializers::write, (message) -> new Event(Metadata.of(message), Data.of(message.value())));

	private EventSerializers() {
	}

	/**
	 * Bytes as they are, not copied.
	 * @return the serializer
	 */
	public static EventSerializer<byte[]> bytes() {
		return BYTES;
	}

	/**
	 * Texts as UTF-8.
	 * @return the serializer
	 */
	public static EventSerializer<String> text() {
		return TEXT;
	}

	/**
	 * Bytes in parts, not copied.
	 * @return the serializer
	 */
	public static EventSerializer<Data> data() {
		return DATA;
	}

	/**
	 * Data as the value of the message, and metadata in its header
	 * {@link Metadata#HEADER}.
	 * @return the serializer
	 */
	public static EventSerializer<Event> events() {
		return EVENTS;
	}

	/**
	 * Objects as JSON. Needs Jackson 3.
	 * @param type class of the objects
	 * @param <T> type of the objects
	 * @return the serializer
	 * @throws InvalidRequestException if Jackson is missing
	 */
	public static <T> EventSerializer<T> json(Class<T> type) {
		Jackson.require("A serializer to JSON");
		return JsonSerializer.of(type);
	}

	/**
	 * Generated messages as Protobuf.
	 * @param type a generated class
	 * @param <T> type of the messages
	 * @return the serializer
	 * @throws InvalidRequestException if the class is no generated one
	 */
	public static <T extends MessageLite> EventSerializer<T> protobuf(Class<T> type) {
		return ProtobufSerializer.of(type);
	}

	private static void write(Event event, Message.Builder message) {
		message.value(event.data());
		if (!event.metadata().isEmpty()) {
			message.header(Metadata.HEADER, event.metadata().bytes());
		}
	}

}
