package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Takes care of a message that no listener could process. Must be safe for use by many
 * threads.
 */
@FunctionalInterface
public interface Recoverer {

	/**
	 * Takes care of a message.
	 * @param message the message as it was read
	 * @param failure why it is given up
	 * @return completes when it is safe, with the {@code Ack} of a dead letter if it is
	 * to be counted as one, with anything else if the message is passed over; fails if it
	 * has to be tried again
	 */
	CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure);

	/**
	 * Takes care of a message that would fail again in the same way.
	 * @param message the message as it was read
	 * @param failure why it is given up
	 * @return as {@link #recover} does, which this calls by default
	 */
	default CompletableFuture<?> recoverFatal(ReceivedMessage<byte[]> message, ListenerFailure failure) {
		return recover(message, failure);
	}

	/**
	 * Names the streams that a container reads in addition, because messages that failed
	 * come back over them.
	 * @param streams what the listener reads
	 * @return further streams; by default none
	 */
	default List<String> retryStreams(List<String> streams) {
		return List.of();
	}

	/**
	 * Names the streams that dead letters go to: a pattern that matches a stream and its
	 * dead letters is not meant to read these, too.
	 * @param streams names of streams
	 * @return their dead-letter streams; by default none
	 */
	default List<String> deadLetterStreams(List<String> streams) {
		return List.of();
	}

	/**
	 * Creates such a stream if it is missing, before it is read. May block; if it fails
	 * it is called again after a pause.
	 * @param stream the name of a stream; any other than those that
	 * {@link #retryStreams(List)} has named is left alone
	 */
	default void prepareRetryStream(String stream) {
	}

}
