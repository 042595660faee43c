package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.topic.DataSelector.Selection;
import org.jspecify.annotations.Nullable;

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
		return type().cast(new Event(event.metadata(), wanted(event.metadata()).of(event.data())));
	}

	/** Asks the selector, which is the user's own. */
	Selection wanted(Metadata metadata) {
		@Nullable Selection wanted;
		try {
			wanted = this.selector.select(metadata);
		}
		catch (RuntimeException ex) {
			throw new IllegalStateException("the data selector failed (" + ex + ")", ex);
		}
		if (wanted == null) {
			throw new IllegalStateException(
					"the data selector failed: it returned null; return Selection.NONE if nothing is wanted");
		}
		return wanted;
	}

	@Override
	public Part part() {
		return (this.whole instanceof Named named) ? named.part() : Part.of(this.whole.getClass().getName());
	}

}
