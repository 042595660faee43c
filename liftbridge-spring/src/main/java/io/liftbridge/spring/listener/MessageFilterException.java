package io.liftbridge.spring.listener;

import org.jspecify.annotations.Nullable;

/**
 * A listener's filter expression cannot decide about a message, for instance because a
 * header is missing that it calls a method of. It would fail again in the same way, so
 * that the message is not retried.
 */
public class MessageFilterException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param message which filter, and what is wrong with it
	 * @param cause why, or {@code null}
	 */
	public MessageFilterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
