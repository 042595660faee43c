package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A stream of this name exists already; names are unique in a cluster, whatever the
 * subject.
 */
public class StreamExistsException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public StreamExistsException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
