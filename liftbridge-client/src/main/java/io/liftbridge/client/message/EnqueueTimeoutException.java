package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * Too many messages were on their way, and no room was made in time. The message was not
 * sent.
 */
public class EnqueueTimeoutException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 * @param outcome what is known of the request's effect
	 */
	public EnqueueTimeoutException(String message, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause, outcome);
	}

}
