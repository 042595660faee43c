package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Takes messages of one partition to the listener. Used by one thread at a time.
 */
interface Delivery {

	/**
	 * Returns when each message is processed or taken care of.
	 * @param messages the messages by offset
	 * @throws DeliveryStoppedException if the container stops meanwhile
	 */
	void deliver(List<ReceivedMessage<byte[]>> messages);

}
