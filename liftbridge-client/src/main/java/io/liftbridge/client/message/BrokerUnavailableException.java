package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * No broker could be reached, or the connection broke before the answer.
 */
public class BrokerUnavailableException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 * @param outcome what is known of the request's effect
	 */
	public BrokerUnavailableException(String message, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause, outcome);
	}

}
