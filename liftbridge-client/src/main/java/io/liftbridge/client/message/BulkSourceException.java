package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * The source of a bulk failed. What it had given before was sent, and has its results;
 * nothing was sent after that.
 */
public class BulkSourceException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final long requests;

	/**
	 * Creates the exception.
	 * @param message what happened
	 * @param cause what the source has thrown
	 * @param requests how many requests it had given
	 */
	public BulkSourceException(String message, @Nullable Throwable cause, long requests) {
		super(message, cause, Outcome.NOT_SENT);
		this.requests = requests;
	}

	/**
	 * Counts what the source had given before it failed.
	 * @return how many requests; each of them has its result
	 */
	public long requests() {
		return this.requests;
	}

}
