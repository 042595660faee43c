package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The message is larger than the client's or the server's limit. Nothing was stored.
 */
public class MessageTooLargeException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public MessageTooLargeException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
