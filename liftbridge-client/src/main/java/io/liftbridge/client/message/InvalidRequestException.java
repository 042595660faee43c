package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The request cannot be carried out as it is; repeating it unchanged will not help.
 */
public class InvalidRequestException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public InvalidRequestException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
