package io.liftbridge.client.topic;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Receives events one by one, in the order of their offsets.
 *
 * @param <T> type of the events
 */
@FunctionalInterface
public interface TopicHandler<T> {

	/**
	 * Takes an event. May block.
	 * @param message the message, whose value is the event
	 * @throws Exception as with {@link io.liftbridge.client.consumer.MessageHandler}
	 */
	void onMessage(ReceivedMessage<T> message) throws Exception;

}
