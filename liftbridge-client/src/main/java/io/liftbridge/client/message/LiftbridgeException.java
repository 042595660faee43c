package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * Root of all exceptions of this client. The message says what was asked of which stream
 * and partition, what the server answered, and what can be done about it.
 */
public class LiftbridgeException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final Outcome outcome;

	/**
	 * Creates an exception for a request that had no effect.
	 * @param message what was asked, what was answered, what can be done
	 */
	public LiftbridgeException(String message) {
		this(message, null, Outcome.REFUSED);
	}

	/**
	 * Creates an exception.
	 * @param message what was asked, what was answered, what can be done
	 * @param cause the reason, where there is one
	 * @param outcome what is known of the request's effect
	 */
	public LiftbridgeException(String message, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause);
		this.outcome = outcome;
	}

	/**
	 * Tells what is known of the effect that the failed request had on the server.
	 * @return the outcome, never {@code null}
	 */
	public Outcome outcome() {
		return this.outcome;
	}

	@Override
	public String toString() {
		return getClass().getSimpleName() + ": " + getMessage();
	}

	/**
	 * What is known of a failed request.
	 */
	public enum Outcome {

		/** It never left this process: nothing was stored. */
		NOT_SENT,

		/** The server, or a check before sending, refused it: nothing was stored. */
		REFUSED,

		/**
		 * It was sent and no answer came: it may have been carried out, or still be.
		 * Repeating it may do it twice.
		 */
		INDETERMINATE

	}

}
