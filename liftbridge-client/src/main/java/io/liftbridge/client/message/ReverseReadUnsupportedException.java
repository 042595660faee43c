package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The broker cannot read from new to old. It would have read from old to new instead, and
 * at most one message was delivered before this was noticed for certain.
 */
public class ReverseReadUnsupportedException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public ReverseReadUnsupportedException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
