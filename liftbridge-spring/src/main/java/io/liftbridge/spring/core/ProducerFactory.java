package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.producer.Producer;

/**
 * Gives the template its producers. Must be safe for use by many threads. Nobody has to
 * keep the futures: what prevents the sending and nobody looks at is logged.
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
	 * Gives the producer of a stream with some options of its own: the same one at each
	 * call with equal options. Messages of different producers may overtake each other.
	 * @param stream the stream's name
	 * @param overrides what differs from {@link #producer(String)}
	 * @return the producer, not to be closed by the caller
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed, or the options cannot work together
	 * @throws io.liftbridge.client.message.ClientClosedException if this factory is
	 * closed
	 * @throws UnsupportedOperationException if this factory has one set of options only
	 */
	default Producer producer(String stream, ProducerOverrides overrides) {
		if (overrides.isEmpty()) {
			return producer(stream);
		}
		throw new UnsupportedOperationException(getClass().getName() + " has one set of options only; a message to"
				+ " stream '" + stream + "' asks for " + overrides + ".");
	}

	/**
	 * Sends a message with the stream's producer and tells {@link #listener()} about it.
	 * @param stream the stream's name
	 * @param message the message
	 * @return completes with the acknowledgement; whatever prevents the sending fails it
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed
	 */
	default CompletableFuture<Ack> send(String stream, Message message) {
		return send(stream, message, ProducerOverrides.NONE);
	}

	/**
	 * Sends a message with a producer of the stream and tells {@link #listener()} about
	 * it.
	 * @param stream the stream's name
	 * @param message the message
	 * @param overrides options of the producer
	 * @return completes with the acknowledgement; whatever prevents the sending fails it
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed, or the options cannot work together
	 */
	default CompletableFuture<Ack> send(String stream, Message message, ProducerOverrides overrides) {
		Producer producer;
		try {
			producer = producer(stream, overrides);
		}
		catch (ClientClosedException ex) {
			return Refusals.refuse(stream, 1, ex);
		}
		SendListener listener = listener();
		listener.sent(stream, message);
		try {
			return producer.send(message);
		}
		catch (LiftbridgeException ex) {
			listener.failed(stream, message, ex);
			return Refusals.refuse(stream, 1, ex);
		}
		catch (RuntimeException ex) {
			listener.failed(stream, message, new LiftbridgeException("Cannot send to stream '" + stream + "': " + ex,
					ex, LiftbridgeException.Outcome.NOT_SENT));
			return Refusals.refuse(stream, 1, ex);
		}
	}

	/**
	 * Sends messages as one batch entry, with a producer of the stream, and tells
	 * {@link #listener()} about each.
	 * @param stream the stream's name
	 * @param records the messages, at least one
	 * @param compression how the entry is compressed
	 * @param overrides options of the producer
	 * @return completes with the acknowledgement of each message in order; whatever
	 * prevents the sending fails it
	 * @throws io.liftbridge.client.message.InvalidRequestException if the name is not
	 * allowed, or the options cannot work together
	 */
	default CompletableFuture<List<Ack>> sendBatchEntry(String stream, List<Message> records, Compression compression,
			ProducerOverrides overrides) {
		SendListener listener = listener();
		try {
			Producer producer = producer(stream, overrides);
			records.forEach((record) -> listener.sent(stream, record));
			return producer.sendBatchEntry(records, compression);
		}
		catch (ClientClosedException ex) {
			return Refusals.refuse(stream, records.size(), ex);
		}
		catch (LiftbridgeException ex) {
			records.forEach((record) -> listener.failed(stream, record, ex));
			return Refusals.refuse(stream, records.size(), ex);
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
