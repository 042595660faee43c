package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The server's access control refused the call for this client's certificate.
 */
public class NotAuthorizedException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public NotAuthorizedException(String message, @Nullable Throwable cause) {
		this(message, cause, Outcome.REFUSED);
	}

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 * @param outcome what is known of the request's effect
	 */
	public NotAuthorizedException(String message, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause, outcome);
	}

}
