package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The server does not report what happens in the cluster.
 */
public class ActivityDisabledException extends StreamNotFoundException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 */
	public ActivityDisabledException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
