package io.liftbridge.spring.listener.delivery;

import org.jspecify.annotations.Nullable;

/**
 * An expression of {@code @SendTo} names no stream that a reply could be sent to. The
 * name comes with the message, and would be as wrong again: the message is not retried.
 */
public class ReplyTargetException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param message which expression, and what is wrong with what it gives
	 * @param cause why, or {@code null}
	 */
	public ReplyTargetException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
