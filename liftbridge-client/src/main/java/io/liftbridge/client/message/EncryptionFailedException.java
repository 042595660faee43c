package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The server could not encrypt the message on a stream with encryption at rest.
 */
public class EncryptionFailedException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public EncryptionFailedException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
