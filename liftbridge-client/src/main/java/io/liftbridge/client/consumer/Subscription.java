package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * A running delivery of one partition. It survives lost connections, restarted brokers
 * and changes of the leader: it goes on at the offset after the last delivered message,
 * delivers nothing twice and skips nothing. Safe for use by many threads.
 */
public interface Subscription extends AutoCloseable {

	/**
	 * The stream that is read.
	 * @return the stream's name
	 */
	String stream();

	/**
	 * The partition that is read.
	 * @return the partition's number
	 */
	int partition();

	/**
	 * The offset of the last message that was handed to the handler, even if the handler
	 * has not returned yet or has failed.
	 * @return the offset, or -1 if there was none so far
	 */
	long lastDelivered();

	/**
	 * The offset up to which there is nothing left to do: the handler has returned from
	 * it, or it was filtered out, and so was everything before. Storing this one as the
	 * last processed skips no message and delivers none of them again, unless the handler
	 * leaves work to others.
	 * @return the offset, or -1 if there was none so far
	 */
	long lastProcessed();

	/**
	 * Whether a broker is delivering at the moment.
	 * @return {@code false} before the start, during an interruption, and after the end
	 */
	boolean isLive();

	/**
	 * Completes when a broker has first accepted the subscription; from then on no
	 * message published later is missed. What depends on it runs on a thread of the
	 * client.
	 * @return completes exceptionally if the subscription fails before that
	 */
	CompletableFuture<Void> started();

	/**
	 * Completes when the subscription ends, the handler has returned, and the position is
	 * stored in the cursor, if there is one, for which it waits 10 seconds at most. What
	 * depends on it runs on a thread of the client.
	 * @return completes exceptionally with the handler's or the server's failure
	 */
	CompletableFuture<EndReason> ended();

	/**
	 * Stores {@link #lastProcessed()} in the cursor now, which goes beyond what was
	 * filtered out. A position before one that is stored already changes nothing.
	 * @return completes when it is stored, on a thread of the client; exceptionally if it
	 * cannot be, or the stream was deleted
	 * @throws io.liftbridge.client.message.InvalidRequestException if the subscription
	 * has no cursor, see {@link SubscriptionBuilder#cursor(String)}
	 */
	CompletableFuture<Void> commit();

	/**
	 * Stores in the cursor that a message and those before it are processed. A message
	 * before one that is stored already changes nothing. May be called after the end, by
	 * whom the handler has left its work to: then it changes nothing either if another
	 * reader has come further with the same cursor.
	 * @param message a message of this subscription
	 * @return completes when that is stored, on a thread of the client; exceptionally if
	 * it cannot be, or the stream was deleted
	 * @throws io.liftbridge.client.message.InvalidRequestException if the subscription
	 * has no cursor, or the message is of another partition
	 */
	CompletableFuture<Void> commit(ReceivedMessage<?> message);

	/**
	 * Stops asking for messages. What was prefetched is kept, and delivered after
	 * {@link #resume()}, unless the subscription fails meanwhile, which ends it at once.
	 * The partition itself is not paused.
	 */
	void pause();

	/**
	 * Goes on after {@link #pause()}.
	 */
	void resume();

	/**
	 * Ends the subscription and waits up to 10 seconds for a running handler, and for the
	 * position to be stored in the cursor, if there is one. May be called by the handler
	 * itself or the listener, which does not wait. The second call is free.
	 */
	@Override
	void close();

	/**
	 * Ends the subscription.
	 * @param timeout how long to wait for a running handler and the cursor
	 * @return whether the handler has returned, and storing the position has an outcome
	 */
	boolean close(Duration timeout);

}
