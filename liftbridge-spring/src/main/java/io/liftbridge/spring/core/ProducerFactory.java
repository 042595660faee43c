package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;

/**
 * Gives the template its producers. Must be safe for use by many threads.
 */
public interface ProducerFactory {

	/**
	 * Gives the producer of a stream: the same one at each call.
	 * @param stream the stream's name
	 * @return the producer, not to be closed by the caller
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed
	 * @throws io.liftbridge.client.message.ClientClosedException if this factory is
	 * closed
	 */
	Producer producer(String stream);

	/**
	 * Publishes to a NATS subject.
	 * @param subject the subject, without wildcards
	 * @param message the message
	 * @param timeout how long to wait for the first acknowledgement
	 * @return completes with the first acknowledgement
	 */
	CompletableFuture<Ack> publishToSubject(String subject, Message message, Duration timeout);

	/**
	 * Is told the fate of messages.
	 * @return the listener, {@link SendListener#NONE} if there is none
	 */
	default SendListener listener() {
		return SendListener.NONE;
	}

}
