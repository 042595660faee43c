package io.liftbridge.client.consumer;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Receives messages one by one, in the order of their offsets, never two at a time for
 * one subscription.
 */
@FunctionalInterface
public interface MessageHandler {

	/**
	 * Takes a message. May block: other subscriptions are not disturbed, and at most the
	 * prefetch waits in memory.
	 * @param message the message
	 * @throws Exception ends the subscription with this failure; the message counts as
	 * not delivered
	 */
	void onMessage(ReceivedMessage<byte[]> message) throws Exception;

}
