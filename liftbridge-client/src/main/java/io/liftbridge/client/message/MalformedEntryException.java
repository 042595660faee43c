package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * Bytes that announce a known format do not keep to it: truncated, damaged, or made by
 * something else.
 */
public class MalformedEntryException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what is wrong, and where
	 * @param cause the reason, where there is one
	 */
	public MalformedEntryException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
