package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * On a stream with optimistic concurrency control the message would not have got the
 * offset it expects: another writer was faster.
 */
public class IncorrectOffsetException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public IncorrectOffsetException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
