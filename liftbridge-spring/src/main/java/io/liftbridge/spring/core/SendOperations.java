package io.liftbridge.spring.core;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.spring.core.LiftbridgeOperations.MessageBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;

/**
 * Sends payloads to streams.
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
public interface SendOperations {

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
	 * Sends whatever a source gives, in order, while the results are read: as many as
	 * {@link SendResults#DEFAULT_MAX_IN_FLIGHT} may have been taken from the source
	 * without their result having been read. Nothing is sent before that.
	 * @param stream the stream's name
	 * @param payloads may be lazy and without end. Elements that are a {@link Message}
	 * are sent as {@link #send(Message)} does, to the given stream unless their header
	 * names another
	 * @param <T> type of the payloads
	 * @return one result for each payload, in order, also of those that failed or could
	 * not be converted; to be closed, unless it is read to its end
	 */
	<T> SendResults<T> sendAll(String stream, Stream<T> payloads);

	/**
	 * Sends whatever a source gives, as {@link #sendAll(String, Stream)} does.
	 * @param stream the stream's name
	 * @param payloads may be lazy and without end
	 * @param <T> type of the payloads
	 * @return one result for each payload, in order
	 */
	<T> SendResults<T> sendAll(String stream, Iterable<T> payloads);

	/**
	 * Sends payloads as one batch entry: one message of the server that carries them all,
	 * as records. Only this client can read it. Must not be used on compacted streams if
	 * the payloads have keys.
	 * @param stream the stream's name
	 * @param payloads at least one; those that are a {@link Message} have their key and
	 * headers with them. Their keys, if they have any, must lead to one partition
	 * @param compression how the entry is compressed, {@link Compression#NONE} for not at
	 * all
	 * @return completes with the acknowledgement of each payload in order: offset of the
	 * entry and index of the record
	 */
	CompletableFuture<List<Ack>> sendBatchEntry(String stream, Collection<?> payloads, Compression compression);

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

}
