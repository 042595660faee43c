package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Decides what happens to messages that a listener could not process. Called on the
 * thread of the listener. Must be safe for use by many threads.
 */
public interface ErrorHandler {

	/**
	 * Decides what follows a failed attempt.
	 * @param failure the messages and what went wrong
	 * @return what to do
	 */
	ErrorAction onFailure(ListenerFailure failure);

	/**
	 * Does what is left to do for a message that is given up. The position moves on only
	 * when this has succeeded; if it fails it is called again after a pause, and the
	 * partition waits.
	 * @param message the message as it was read
	 * @param failure the failure it belongs to
	 * @return completes when it is done, with the {@code Ack} of a dead letter if it is
	 * to be counted as one, with anything else if the message is passed over
	 */
	CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure);

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
