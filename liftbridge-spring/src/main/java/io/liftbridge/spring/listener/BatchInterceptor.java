package io.liftbridge.spring.listener;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Is called around each attempt to deliver a list of messages to a batch listener. Must
 * be safe for use by several threads.
 */
public interface BatchInterceptor {

	/**
	 * Comes before the listener.
	 * @param messages the messages of the list
	 * @return whether the listener receives it; otherwise the list counts as processed.
	 * Use a {@link MessageFilter} to leave out single messages
	 * @throws Exception if the list failed: the error handler decides what follows
	 */
	default boolean before(List<ReceivedMessage<byte[]>> messages) throws Exception {
		return true;
	}

	/**
	 * The listener has processed the list; where it has returned a future, this has
	 * completed.
	 * @param messages the messages of the list
	 */
	default void success(List<ReceivedMessage<byte[]>> messages) {
	}

	/**
	 * The listener has failed. The error handler decides later what follows.
	 * @param messages the messages of the list
	 * @param failure why
	 */
	default void failure(List<ReceivedMessage<byte[]>> messages, Throwable failure) {
	}

	/**
	 * Comes after {@link #success} or {@link #failure}, for cleaning up.
	 * @param messages the messages of the list
	 */
	default void after(List<ReceivedMessage<byte[]>> messages) {
	}

}
