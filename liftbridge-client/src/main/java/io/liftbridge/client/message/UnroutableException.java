package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The producer's partitioner has no partition for the message: nothing was sent.
 */
public class UnroutableException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what has no partition and what can be done
	 * @param cause the reason, where there is one
	 */
	public UnroutableException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.NOT_SENT);
	}

}
