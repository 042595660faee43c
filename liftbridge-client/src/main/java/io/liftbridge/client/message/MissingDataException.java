package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The data of an event lies in a companion stream, and is not there any more: retention
 * has removed it before the event, or the stream was deleted.
 */
public class MissingDataException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message which data is missing, and what can be done
	 * @param cause the reason, where there is one
	 */
	public MissingDataException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
