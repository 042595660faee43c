package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A topic is defined in another way already.
 */
public class TopicConflictException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message both definitions and what can be done
	 * @param cause the reason, where there is one
	 */
	public TopicConflictException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
