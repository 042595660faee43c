package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Sends payloads to streams and reads what these hold.
 */
public interface LiftbridgeOperations extends SendOperations, ReceiveOperations {

	/**
	 * Collects the parts of one message. Not safe for use by several threads.
	 */
	interface MessageBuilder {

		/**
		 * Sets the stream.
		 * @param stream the stream's name; by default the template's default stream
		 * @return this builder
		 */
		MessageBuilder stream(String stream);

		/**
		 * Sets the key.
		 * @param key the key; {@code null} for none (default)
		 * @return this builder
		 */
		MessageBuilder key(@Nullable String key);

		/**
		 * Sets the key.
		 * @param key the key; {@code null} for none (default)
		 * @return this builder
		 */
		MessageBuilder key(byte @Nullable [] key);

		/**
		 * Adds or replaces a header.
		 * @param name its name
		 * @param value its value, as the {@code HeaderMapper} translates it
		 * @return this builder
		 */
		MessageBuilder header(String name, Object value);

		/**
		 * Asks for a partition.
		 * @param partition its number, counted from 0; by default the producer's
		 * partitioner chooses
		 * @return this builder
		 */
		MessageBuilder partition(int partition);

		/**
		 * Sets when the server acknowledges the message.
		 * @param ackPolicy the policy; by default the producer's
		 * @return this builder
		 */
		MessageBuilder ackPolicy(AckPolicy ackPolicy);

		/**
		 * Sets the offset that the message must get, on a stream with optimistic
		 * concurrency control.
		 * @param expectedOffset the offset; by default any
		 * @return this builder
		 */
		MessageBuilder expectedOffset(long expectedOffset);

		/**
		 * Numbers the message, for a producer with publishing ids.
		 * @param publishingId the number, 0 or more, rising within a partition; by
		 * default the producer numbers the message
		 * @return this builder
		 */
		MessageBuilder publishingId(long publishingId);

		/**
		 * Marks the message for the user's own purposes.
		 * @param correlationId the mark that {@link Ack#correlationId()} gives back
		 * @return this builder
		 */
		MessageBuilder correlationId(String correlationId);

		/**
		 * Sends the message with a producer that has options of its own.
		 * @param overrides what differs from the template's other messages
		 * @return this builder
		 */
		MessageBuilder options(ProducerOverrides overrides);

		/**
		 * Publishes the message to a NATS subject instead of a stream.
		 * @param subject the subject, without wildcards
		 * @return completes with the first acknowledgement
		 */
		CompletableFuture<Ack> sendToSubject(String subject);

		/**
		 * Sends the message.
		 * @return completes with the acknowledgement
		 */
		CompletableFuture<Ack> send();

		/**
		 * Sends the message and waits.
		 * @param timeout how long to wait at the most
		 * @return the acknowledgement
		 * @throws io.liftbridge.client.message.AckTimeoutException if it did not arrive
		 * in time; the message may be stored all the same
		 * @throws io.liftbridge.client.message.LiftbridgeException if the message failed
		 */
		Ack sendAndWait(Duration timeout);

	}

}
