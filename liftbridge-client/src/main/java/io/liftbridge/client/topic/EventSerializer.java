package io.liftbridge.client.topic;

import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Makes messages of events, and events of messages. Must be safe for use by many threads.
 * One that readers are to find again is {@link Named}, too.
 *
 * @param <T> type of the events
 */
public interface EventSerializer<T> {

	/**
	 * The type of the events.
	 * @return their class
	 */
	Class<T> type();

	/**
	 * Writes an event.
	 * @param event the event
	 * @param message gets the value, and headers if need be
	 * @throws Exception if the event cannot be written; that event fails, and no other
	 */
	void serialize(T event, Message.Builder message) throws Exception;

	/**
	 * Reads an event.
	 * @param message the message
	 * @return the event
	 * @throws Exception if the message cannot be read
	 */
	T deserialize(ReceivedMessage<byte[]> message) throws Exception;

}
