package io.liftbridge.spring.listener;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Is called around each attempt to deliver a message to a listener that receives single
 * ones. Must be safe for use by several threads.
 */
public interface RecordInterceptor {

	/**
	 * Comes before the listener.
	 * @param message the message
	 * @return what the listener receives, usually the same; {@code null} to leave the
	 * message out, which then counts as processed
	 * @throws Exception if the message failed: the error handler decides what follows
	 */
	default @Nullable ReceivedMessage<byte[]> before(ReceivedMessage<byte[]> message) throws Exception {
		return message;
	}

	/**
	 * The listener has processed the message; where it has returned a future, this has
	 * completed.
	 * @param message what the listener has received
	 */
	default void success(ReceivedMessage<byte[]> message) {
	}

	/**
	 * The listener has failed. The error handler decides later what follows.
	 * @param message what the listener has received
	 * @param failure why
	 */
	default void failure(ReceivedMessage<byte[]> message, Throwable failure) {
	}

	/**
	 * Comes after {@link #success} or {@link #failure}, for cleaning up.
	 * @param message what the listener has received
	 */
	default void after(ReceivedMessage<byte[]> message) {
	}

}
