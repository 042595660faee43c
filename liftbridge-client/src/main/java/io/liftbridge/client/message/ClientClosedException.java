package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The client, producer or subscription was closed.
 */
public class ClientClosedException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 * @param outcome what is known of the request's effect
	 */
	public ClientClosedException(String message, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause, outcome);
	}

}
