package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Leaves out data that the reader does not want.
 *
 * @param <T> {@link Event}
 */
record SelectingSerializer<T>(EventSerializer<T> whole, DataSelector selector) implements EventSerializer<T>, Named {

	static <T> SelectingSerializer<T> of(String topic, EventSerializer<T> whole, DataSelector selector) {
		if (whole.type() != Event.class) {
			throw new InvalidRequestException("Topic '" + topic + "' carries " + whole.type().getName()
					+ ", of which no part can be selected; only Event has metadata and data.", null);
		}
		return new SelectingSerializer<>(whole, selector);
	}

	@Override
	public Class<T> type() {
		return this.whole.type();
	}

	@Override
	public void serialize(T event, Message.Builder message) throws Exception {
		this.whole.serialize(event, message);
	}

	@Override
	public T deserialize(ReceivedMessage<byte[]> message) throws Exception {
		Event event = (Event) this.whole.deserialize(message);
		return type().cast(new Event(event.metadata(), this.selector.select(event.metadata()).of(event.data())));
	}

	@Override
	public Part part() {
		return (this.whole instanceof Named named) ? named.part() : Part.of(this.whole.getClass().getName());
	}

}
