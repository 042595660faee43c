package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;

/**
 * Publishes to one stream. Messages of a partition are handed to the server in the order
 * of {@code send}; after a lost connection those without acknowledgement are sent again,
 * in order and before anything newer, so that a message may be stored twice but none is
 * lost while its future is open. Safe for use by many threads.
 */
public interface Producer extends AutoCloseable {

	/**
	 * The stream published to.
	 * @return the stream's name
	 */
	String stream();

	/**
	 * The producer's name.
	 * @return the name, empty if it has none
	 */
	String name();

	/**
	 * The highest publishing id under this producer's name that is known to be stored, by
	 * this producer or one before it. With several partitions some below it may be
	 * missing in others than its own: ask for each partition then. Waits for brokers, up
	 * to the enqueue timeout, if nothing was sent yet.
	 * @return the id, empty if none was found
	 * @throws io.liftbridge.client.message.InvalidRequestException if the producer has no
	 * publishing ids
	 * @throws io.liftbridge.client.message.LiftbridgeException if the partitions could
	 * not be read in time
	 */
	OptionalLong lastPublishingId();

	/**
	 * The highest publishing id of a partition, as {@link #lastPublishingId()}. Messages
	 * of the user's own numbering with an id that was there before this producer, or a
	 * lower one, are not sent again.
	 * @param partition the partition's number
	 * @return the id, empty if none was found
	 * @throws io.liftbridge.client.message.PartitionNotFoundException if the stream does
	 * not have this partition
	 */
	OptionalLong lastPublishingId(int partition);

	/**
	 * Sends a message. Returns at once unless too many messages are on their way; then it
	 * waits for room, up to the enqueue timeout.
	 * @param message the message
	 * @return completes with the acknowledgement, or with a
	 * {@link io.liftbridge.client.message.LiftbridgeException} that tells whether the
	 * message can have been stored. Completed on the producer's completion thread, never
	 * on a thread of the network. With policy NONE it completes as soon as the message
	 * was handed to the network. If other streams share the subject, it waits for the own
	 * one; only if that one's leader is there and does not acknowledge within half a
	 * second, as in a load-balance group, another stream's acknowledgement counts
	 * @throws io.liftbridge.client.message.EnqueueTimeoutException if no room was made in
	 * time
	 * @throws io.liftbridge.client.message.StreamNotFoundException if the stream does not
	 * exist
	 * @throws io.liftbridge.client.message.InvalidRequestException if the message is
	 * {@code null} or asks for what this producer cannot do
	 * @throws io.liftbridge.client.message.PartitionNotFoundException if the message asks
	 * for a partition that the stream does not have
	 * @throws io.liftbridge.client.message.BrokerUnavailableException if no broker told
	 * within the enqueue timeout which partitions there are
	 * @throws io.liftbridge.client.message.MessageTooLargeException if it is over the
	 * limit
	 * @throws io.liftbridge.client.message.ClientClosedException if the producer is
	 * closed
	 */
	CompletableFuture<Ack> send(Message message);

	/**
	 * Sends a message as {@link #send(Message)} does and reports its fate.
	 * @param message the message
	 * @param handler is called once, on the producer's completion thread, which it must
	 * not block
	 */
	void send(Message message, ConfirmationHandler handler);

	/**
	 * Sends a message as {@link #send(Message)} does and reports its fate.
	 * @param message the message
	 * @param handler is called once
	 * @param executor calls the handler; if it refuses to, the completion thread does
	 */
	void send(Message message, ConfirmationHandler handler, Executor executor);

	/**
	 * Sends a message if there is room for it. Never blocks. The first message, for which
	 * the number of partitions is not known yet, waits for it in a queue, as in
	 * {@link #sendAsync}.
	 * @param message the message
	 * @return as {@link #send(Message)}; empty if too many messages are on their way, or
	 * others wait in the queue that must not be overtaken. Nothing was sent then
	 * @throws io.liftbridge.client.message.LiftbridgeException if the message cannot be
	 * sent at all, as in {@link #send(Message)}
	 */
	Optional<CompletableFuture<Ack>> trySend(Message message);

	/**
	 * Sends a message. Never blocks, not even for the number of partitions before the
	 * first one: where {@link #send(Message)} would wait, the message waits in a queue,
	 * up to the enqueue timeout. With {@link Ordering#STRICT} later calls of any kind get
	 * behind it. As many messages may wait as may be on their way, at least 1000, and
	 * {@code maxInFlightBytes} bytes.
	 * @param message the message
	 * @return as {@link #send(Message)}, and it fails with what {@code send} throws
	 */
	CompletableFuture<Ack> sendAsync(Message message);

	/**
	 * Sends messages at once, in order. Blocks as {@link #send(Message)} does.
	 * @param messages at least one
	 * @return the future of each message in order. If there is no room in time, the rest
	 * fails with {@link io.liftbridge.client.message.EnqueueTimeoutException}
	 * @throws io.liftbridge.client.message.InvalidRequestException if there is no message
	 * @throws io.liftbridge.client.message.LiftbridgeException if a message cannot be
	 * sent, as in {@link #send(Message)}; nothing was sent then
	 */
	List<CompletableFuture<Ack>> sendBatch(List<Message> messages);

	/**
	 * Sends records as one batch entry: one message of the server that carries them all.
	 * Only this client can read it. Must not be used on compacted streams if the records
	 * have keys: the server does not see these. Blocks as {@link #send(Message)} does;
	 * the caller's thread compresses. Takes no record over the server's limit, whatever
	 * {@link ProducerBuilder#largeMessages} says: {@link #send(Message)} and
	 * {@link #sendBatch} do.
	 * @param records at least one; their keys, if they have any, must lead to one
	 * partition
	 * @param compression how the entry is compressed,
	 * {@link io.liftbridge.client.entry.Compression#NONE} for not at all
	 * @return completes with the acknowledgement of each record in order: offset of the
	 * entry and index of the record. An entry that is over the server's limit after it
	 * was compressed becomes two or more
	 * @throws io.liftbridge.client.message.InvalidRequestException if there is no record,
	 * if records have different partitions or policies, an expected offset or an
	 * acknowledgement inbox, or if the compression cannot be used
	 * @throws io.liftbridge.client.message.LiftbridgeException as in
	 * {@link #send(Message)}; nothing was sent then. A record that alone is over the
	 * limit is one that cannot be sent
	 */
	CompletableFuture<List<Ack>> sendBatchEntry(List<Message> records, Compression compression);

	/**
	 * Publishes whatever a source gives, one result for each message, in order. Nothing
	 * is sent before its results are asked for. At the most {@code maxInFlight} messages
	 * have been taken from the source without their result having been read.
	 * @param messages may be lazy and without end
	 * @return options and results
	 */
	BulkPublish<Message> publishBulk(Iterable<? extends Message> messages);

	/**
	 * Publishes whatever a source gives, one result for each message, in order. Nothing
	 * is sent before its results are asked for. At the most {@code maxInFlight} messages
	 * have been taken from the source without their result having been read.
	 * @param messages may be lazy and without end
	 * @return options and results
	 */
	BulkPublish<Message> publishBulk(Iterator<? extends Message> messages);

	/**
	 * Publishes whatever a source gives, one result for each message, in order. Nothing
	 * is sent before its results are asked for. At the most {@code maxInFlight} messages
	 * have been taken from the source without their result having been read.
	 * @param messages sequential; closed at the end
	 * @return options and results
	 */
	BulkPublish<Message> publishBulk(Stream<? extends Message> messages);

	/**
	 * Publishes whatever a source gives, one result for each message, in order. Nothing
	 * is sent before its results are asked for. At the most {@code maxInFlight} messages
	 * have been taken from the source without their result having been read.
	 * @param messages is asked for no more than there is room for
	 * @return options and results
	 */
	BulkPublish<Message> publishBulk(Flow.Publisher<? extends Message> messages);

	/**
	 * Sends a message and waits.
	 * @param message the message
	 * @param timeout how long to wait at the most, above 0
	 * @return the acknowledgement
	 * @throws io.liftbridge.client.message.InvalidRequestException if the timeout is not
	 * positive; nothing was sent then
	 * @throws io.liftbridge.client.message.AckTimeoutException if it did not arrive in
	 * time; the message may be stored all the same
	 * @throws io.liftbridge.client.message.LiftbridgeException if the message failed
	 */
	Ack sendAndWait(Message message, Duration timeout);

	/**
	 * Counts the messages without an outcome.
	 * @return how many messages are on their way
	 */
	int inFlight();

	/**
	 * Waits until each message sent before has its outcome. Called on the completion
	 * thread it does not wait for that thread itself.
	 * @param timeout how long to wait at the most; negative counts as zero: not at all
	 * @return whether all have; {@code false} also if the thread is interrupted, whose
	 * flag is set again then
	 */
	boolean flush(Duration timeout);

	/**
	 * Waits until each message sent before has its outcome. Bounded by the
	 * acknowledgement timeout, after which a message fails.
	 * @throws io.liftbridge.client.message.LiftbridgeException if the thread is
	 * interrupted, as {@link #sendAndWait} does; the thread's flag is set again
	 */
	void flush();

	/**
	 * Tells when each message sent before has its outcome. Never blocks.
	 * @return completes then, on the producer's completion thread
	 */
	CompletableFuture<Void> flushAsync();

	/**
	 * Refuses new messages, waits up to 10 seconds for those on their way, and fails the
	 * rest. The second call is free.
	 */
	@Override
	void close();

	/**
	 * Refuses new messages, waits for those on their way, and fails the rest, each with a
	 * {@link io.liftbridge.client.message.ClientClosedException}.
	 * @param timeout how long to wait at the most; negative counts as zero: not at all
	 */
	void close(Duration timeout);

}
