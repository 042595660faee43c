package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The stream does not exist, or was deleted while it was read.
 */
public class StreamNotFoundException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public StreamNotFoundException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
