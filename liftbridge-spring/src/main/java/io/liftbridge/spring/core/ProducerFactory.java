package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
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
	 * Sends a message with the stream's producer and tells {@link #listener()} about it.
	 * @param stream the stream's name
	 * @param message the message
	 * @return completes with the acknowledgement; whatever prevents the sending fails it
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed
	 */
	default CompletableFuture<Ack> send(String stream, Message message) {
		Producer producer;
		try {
			producer = producer(stream);
		}
		catch (ClientClosedException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		SendListener listener = listener();
		listener.sent(stream, message);
		try {
			return producer.send(message);
		}
		catch (LiftbridgeException ex) {
			listener.failed(stream, message, ex);
			return CompletableFuture.failedFuture(ex);
		}
		catch (RuntimeException ex) {
			listener.failed(stream, message, new LiftbridgeException("Cannot send to stream '" + stream + "': " + ex,
					ex, LiftbridgeException.Outcome.NOT_SENT));
			return CompletableFuture.failedFuture(ex);
		}
	}

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
