package io.liftbridge.spring.core;

import io.liftbridge.client.message.Message;

/**
 * Sees each message before a {@link ProducerFactory} sends it, replies and dead letters
 * included, may send another one instead, and is told its fate as any
 * {@link SendListener} is. Several are asked in order, each for what the one before it
 * gave. Must be safe for use by many threads and must not block.
 */
@FunctionalInterface
public interface PublishInterceptor extends SendListener {

	/**
	 * Gives the message to be sent. What is thrown here fails the future of the message,
	 * which is not sent; listeners are not told of a message that was not to be sent.
	 * @param destination the stream's name, or the subject of a message to a NATS subject
	 * @param message the message
	 * @return what to send: the message, or another one
	 */
	Message beforeSend(String destination, Message message);

}
