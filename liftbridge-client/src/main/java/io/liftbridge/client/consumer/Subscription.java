package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

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
	 * Completes when the subscription ends and the handler has returned. What depends on
	 * it runs on a thread of the client.
	 * @return completes exceptionally with the handler's or the server's failure
	 */
	CompletableFuture<EndReason> ended();

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
	 * Ends the subscription and waits up to 10 seconds for a running handler. May be
	 * called by the handler itself or the listener, which does not wait. The second call
	 * is free.
	 */
	@Override
	void close();

	/**
	 * Ends the subscription.
	 * @param timeout how long to wait for a running handler
	 * @return whether the handler has returned
	 */
	boolean close(Duration timeout);

}
