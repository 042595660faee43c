package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The partition is paused and the request did not allow it to be resumed.
 */
public class StreamPausedException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public StreamPausedException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
