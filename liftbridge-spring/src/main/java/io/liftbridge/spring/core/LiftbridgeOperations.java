package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Sends payloads to streams and reads single messages.
 * <p>
 * <b>Failures.</b> What is wrong with the arguments is thrown: an illegal name, a
 * negative partition, a missing stream name, a payload that cannot be converted.
 * Everything else fails the returned future, with a
 * {@link io.liftbridge.client.message.LiftbridgeException} that tells whether the message
 * can have been stored. The methods that wait throw in both cases.
 * <p>
 * <b>Waiting.</b> The methods that return a future return at once, except that the first
 * message to a stream waits for a broker to describe the stream, and that a message waits
 * for room when too many are on their way; both at most for the producer's enqueue
 * timeout. Futures complete on the producer's completion thread, which must not be
 * blocked.
 */
public interface LiftbridgeOperations {

	/**
	 * Sends a payload.
	 * @param stream the stream's name
	 * @param payload the payload, converted by its type
	 * @return completes with the acknowledgement
	 */
	CompletableFuture<Ack> send(String stream, Object payload);

	/**
	 * Sends a payload with a key.
	 * @param stream the stream's name
	 * @param key the key, by which partitions are chosen; {@code null} for none
	 * @param payload the payload, converted by its type
	 * @return completes with the acknowledgement
	 */
	CompletableFuture<Ack> send(String stream, @Nullable String key, Object payload);

	/**
	 * Sends a message. Its headers tell stream (otherwise the default stream), key,
	 * partition and acknowledgement policy, see
	 * {@link io.liftbridge.spring.support.LiftbridgeHeaders}; the others travel with it.
	 * In a message that was received, and is passed on, stream and partition only tell
	 * where it comes from, unless they were changed.
	 * @param message the message
	 * @return completes with the acknowledgement
	 */
	CompletableFuture<Ack> send(Message<?> message);

	/**
	 * Sends a payload to the default stream.
	 * @param payload the payload, converted by its type
	 * @return completes with the acknowledgement
	 */
	CompletableFuture<Ack> sendDefault(Object payload);

	/**
	 * Sends a payload with a key to the default stream.
	 * @param key the key, by which partitions are chosen; {@code null} for none
	 * @param payload the payload, converted by its type
	 * @return completes with the acknowledgement
	 */
	CompletableFuture<Ack> sendDefault(@Nullable String key, Object payload);

	/**
	 * Sends a payload and waits.
	 * @param stream the stream's name
	 * @param payload the payload, converted by its type
	 * @param timeout how long to wait at the most
	 * @return the acknowledgement
	 * @throws io.liftbridge.client.message.AckTimeoutException if it did not arrive in
	 * time; the message may be stored all the same
	 * @throws io.liftbridge.client.message.LiftbridgeException if the message failed
	 */
	Ack sendAndWait(String stream, Object payload, Duration timeout);

	/**
	 * Sends a payload with a key and waits.
	 * @param stream the stream's name
	 * @param key the key, by which partitions are chosen; {@code null} for none
	 * @param payload the payload, converted by its type
	 * @param timeout how long to wait at the most
	 * @return the acknowledgement
	 * @throws io.liftbridge.client.message.AckTimeoutException if it did not arrive in
	 * time; the message may be stored all the same
	 * @throws io.liftbridge.client.message.LiftbridgeException if the message failed
	 */
	Ack sendAndWait(String stream, @Nullable String key, Object payload, Duration timeout);

	/**
	 * Publishes a payload to a NATS subject: every stream that listens to it stores it.
	 * @param subject the subject, without wildcards
	 * @param payload the payload, converted by its type
	 * @return completes with the first acknowledgement; if nobody listens, with an
	 * {@link io.liftbridge.client.message.AckTimeoutException}
	 */
	CompletableFuture<Ack> sendToSubject(String subject, Object payload);

	/**
	 * Starts a message.
	 * @param payload the payload, converted by its type
	 * @return a builder, for one message and one thread
	 */
	MessageBuilder newMessage(Object payload);

	/**
	 * Reads the message at an offset. Waits for the broker, up to the receive timeout.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset, 0 and above
	 * @return the message, or {@code null} if there is none at this offset: not yet, or
	 * not any more
	 * @throws io.liftbridge.client.message.LiftbridgeException if it cannot be read
	 */
	@Nullable ReceivedMessage<byte[]> receive(String stream, int partition, long offset);

	/**
	 * Reads the message at an offset and converts its value.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset, 0 and above
	 * @param type type of the payload
	 * @param <T> type of the payload
	 * @return the message, or {@code null} if there is none at this offset: not yet, or
	 * not any more
	 * @throws io.liftbridge.client.message.LiftbridgeException if it cannot be read
	 * @throws io.liftbridge.spring.support.PayloadConversionException if it is not of
	 * this type
	 */
	<T> @Nullable ReceivedMessage<T> receive(String stream, int partition, long offset, Class<T> type);

	/**
	 * Reads messages that are stored at the moment. Waits for the broker, up to the
	 * receive timeout, but not for new messages.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start where to begin
	 * @param limit most messages to read, 1 and above
	 * @return the messages by offset, fewer than the limit at the end of the partition
	 * @throws io.liftbridge.client.message.LiftbridgeException if they cannot be read
	 */
	List<ReceivedMessage<byte[]>> receive(String stream, int partition, StartPosition start, int limit);

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
