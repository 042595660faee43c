package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The server stores no cursors: its setting {@code cursors.stream.partitions} is 0, the
 * default.
 */
public class CursorsDisabledException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public CursorsDisabledException(String message, @Nullable Throwable cause) {
		super(message, cause, Outcome.REFUSED);
	}

}
