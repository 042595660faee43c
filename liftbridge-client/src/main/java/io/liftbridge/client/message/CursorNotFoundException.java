package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * No position was ever stored under this cursor id for this stream and partition.
 */
public class CursorNotFoundException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public CursorNotFoundException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
