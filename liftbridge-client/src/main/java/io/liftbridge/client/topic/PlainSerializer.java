package io.liftbridge.client.topic;

import java.util.function.BiConsumer;
import java.util.function.Function;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * A serializer with nothing to configure.
 *
 * @param <T> type of the events
 */
record PlainSerializer<T>(String name, Class<T> type, BiConsumer<T, Message.Builder> writer,
		Function<ReceivedMessage<byte[]>, T> reader) implements EventSerializer<T>, Named {

	@Override
	public void serialize(T event, Message.Builder message) {
		this.writer.accept(event, message);
	}

	@Override
	public T deserialize(ReceivedMessage<byte[]> message) {
		return this.reader.apply(message);
	}

	@Override
	public Part part() {
		return Part.of(this.name);
	}

}
