package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Reads partitions at the pace of whoever asks: in lists, one by one, as a stream, or by
 * demand. All of these go on where the other stopped. Messages of one partition come in
 * the order of their offsets; partitions are mixed. Survives lost connections as a
 * {@link Subscription} does.
 *
 * <p>
 * With a {@linkplain ConsumerBuilder#cursor(String) cursor} reading goes on where it was
 * left. A message counts as processed only when the next ones are asked for: by
 * {@link #poll}, by {@link Iterator#hasNext()} or {@link Iterator#next()}, by
 * {@link Flow.Subscription#request}. Whatever was returned before, to whomever, is
 * processed then; so several threads that poll, and subscribers that request ahead of
 * what they have worked on, use
 * {@link io.liftbridge.client.cursor.OffsetTracking#manual()} and
 * {@link #commit(ReceivedMessage)}. What was returned last before {@link #close()}, a
 * {@code break}, or an exception in the loop is not processed and comes again, unless
 * {@link #commit()} says otherwise. To whom requests {@code Long.MAX_VALUE} messages, one
 * is processed when {@code onNext} has returned.
 *
 * <p>
 * Safe for use by many threads, which take turns; {@link #close()} waits for none of
 * them.
 */
public interface Consumer extends Iterable<ReceivedMessage<byte[]>>, AutoCloseable {

	/**
	 * Waits for messages.
	 * @param timeout how long to wait for the first one; zero takes what is there
	 * @return what has arrived, up to {@link ConsumerBuilder#maxPoll}; empty if nothing
	 * has arrived in time, or nothing will any more
	 * @throws LiftbridgeException if reading a partition has failed for good, once what
	 * was taken before is returned; if the client was closed; or if the thread was
	 * interrupted while it waited (its flag is then set again)
	 */
	List<ReceivedMessage<byte[]>> poll(Duration timeout);

	/**
	 * Iterates as messages arrive. Waiting for the next one may take for ever, unless a
	 * stop was given; it ends quietly when the consumer is closed. A message that
	 * {@link Iterator#hasNext()} has found belongs to this iterator.
	 * @return an iterator that throws what {@link #poll} throws
	 */
	@Override
	Iterator<ReceivedMessage<byte[]>> iterator();

	/**
	 * The same as a stream.
	 * @return a sequential stream; closing it closes the consumer
	 */
	Stream<ReceivedMessage<byte[]>> stream();

	/**
	 * Publishes messages as they are demanded, on a thread of the client.
	 * @return a publisher for one subscriber; its cancellation closes the consumer,
	 * without waiting
	 */
	Flow.Publisher<ReceivedMessage<byte[]>> publisher();

	/**
	 * The offset up to which nothing of a partition is left to be returned: each message
	 * was returned or filtered out. What was returned last may still be worked on. Not
	 * for reading in reverse.
	 * @param partition the partition's number
	 * @return the offset, or -1 if there was none so far, or the partition is not read
	 */
	long lastProcessed(int partition);

	/**
	 * Stores in the cursors now that all that was returned is processed, in each
	 * partition, and what was filtered out behind it.
	 * @return completes when it is stored, on a thread of the client; exceptionally if it
	 * cannot be, or the stream was deleted
	 * @throws io.liftbridge.client.message.InvalidRequestException if the consumer has no
	 * cursor, see {@link ConsumerBuilder#cursor(String)}
	 */
	CompletableFuture<Void> commit();

	/**
	 * Stores in the cursor that a message and those before it in its partition are
	 * processed. A message before one that is stored already changes nothing. May be
	 * called after the consumer was closed: then it changes nothing either if another
	 * reader has come further with the same cursor.
	 * @param message a message that was returned
	 * @return completes when that is stored, on a thread of the client; exceptionally if
	 * it cannot be, or the stream was deleted
	 * @throws io.liftbridge.client.message.InvalidRequestException if the consumer has no
	 * cursor, or does not read the partition
	 */
	CompletableFuture<Void> commit(ReceivedMessage<?> message);

	/**
	 * Whether nothing will arrive any more: all partitions were read to their stop or end
	 * and everything was taken, reading has failed, or the consumer was closed.
	 * @return whether it has ended
	 */
	boolean isEnded();

	/**
	 * Ends reading at once. Whoever waits for a message gets none. Stores what is
	 * processed in the cursors, if there are any, for which it waits up to 10 seconds.
	 * The second call is free.
	 */
	@Override
	void close();

	/**
	 * Ends reading at once, as {@link #close()} does.
	 * @param timeout how long to wait for the cursors
	 * @return whether storing positions has an outcome
	 */
	boolean close(Duration timeout);

}
