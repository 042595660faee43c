package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Takes messages of one partition to the listener. Used by one thread at a time.
 */
interface Delivery {

	/**
	 * Returns when each message is processed or taken care of, or when the next one is
	 * paused or held back.
	 * @param messages the messages by offset; those that were left the last time come
	 * first
	 * @return how many were processed or taken care of; the rest is to be handed in again
	 * @throws DeliveryStoppedException if the container stops meanwhile
	 */
	int deliver(List<ReceivedMessage<byte[]>> messages);

	/**
	 * Whether the next message has to wait until others are acknowledged. Not one that
	 * was begun before.
	 * @return whether nothing new is delivered
	 */
	boolean isHeldBack();

	/**
	 * What was left will not be handed in again. Not while messages are delivered.
	 */
	void reset();

}
