package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
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
	 * @return a publisher for one subscriber; its cancellation closes the consumer
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
	 * Whether nothing will arrive any more: all partitions were read to their stop or end
	 * and everything was taken, reading has failed, or the consumer was closed.
	 * @return whether it has ended
	 */
	boolean isEnded();

	/**
	 * Ends reading at once. Whoever waits for a message gets none. The second call is
	 * free.
	 */
	@Override
	void close();

}
