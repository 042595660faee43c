package io.liftbridge.client.topic;

import java.util.Objects;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * JSON. The class is the reader's own choice and not stored: nobody else's word decides
 * which class is made of a message.
 *
 * @param <T> type of the events
 */
record JsonSerializer<T>(Class<T> type) implements EventSerializer<T>, Named {

	static final String NAME = "json";

	static <T> JsonSerializer<T> of(Class<T> type) {
		return new JsonSerializer<>(type);
	}

	@Override
	public void serialize(T event, Message.Builder message) {
		message.value(Json.MAPPER.writeValueAsBytes(event));
	}

	@Override
	public T deserialize(ReceivedMessage<byte[]> message) {
		return Objects.requireNonNull(Json.MAPPER.readValue(message.value(), this.type), "the document is null");
	}

	@Override
	public Part part() {
		return Part.of(NAME);
	}

}
