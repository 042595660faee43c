package io.liftbridge.client.topic;

import java.util.Objects;

import io.liftbridge.client.message.Data;

/**
 * Data with something said about it. The metadata travels in a header of the message, the
 * data is its value.
 *
 * @param metadata what is said about the data
 * @param data the data
 */
public record Event(Metadata metadata, Data data) {

	/**
	 * Creates it.
	 * @throws NullPointerException if one of them is {@code null}
	 */
	public Event {
		Objects.requireNonNull(metadata, "The metadata of an event is null; send the data alone in a topic of Data.");
		Objects.requireNonNull(data, "The data of an event is null; use Data.empty() or Event.of(metadata).");
	}

	/**
	 * An event with nothing but metadata.
	 * @param metadata the metadata
	 * @return the event, with empty data
	 */
	public static Event of(Metadata metadata) {
		return new Event(metadata, Data.empty());
	}

}
