package io.liftbridge.spring.listener;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Decides which messages a listener receives, before they are converted. A message that
 * is left out counts as processed: the stored position goes beyond it. Must be safe for
 * use by several threads.
 */
@FunctionalInterface
public interface MessageFilter {

	/**
	 * Decides about a message.
	 * @param message the message, as it was received
	 * @return whether the listener receives it
	 * @throws Exception if that cannot be told: the message goes the way of one that the
	 * listener fails with
	 */
	boolean accepts(ReceivedMessage<byte[]> message) throws Exception;

}
