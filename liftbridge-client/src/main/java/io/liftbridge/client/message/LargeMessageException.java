package io.liftbridge.client.message;

import org.jspecify.annotations.Nullable;

/**
 * A large message is not stored as a whole, as one of its chunks is not: readers will not
 * get it. The cause tells why. Where the outcome is {@link Outcome#INDETERMINATE} it is
 * not known whether the chunk, and with it the message, is stored.
 */
public class LargeMessageException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final int index;

	private final int count;

	/**
	 * Creates the exception.
	 * @param message what was asked, which chunk failed and why
	 * @param index the chunk's place, counted from 0
	 * @param count how many chunks the message has
	 * @param cause why the chunk failed
	 * @param outcome what is known of it
	 */
	public LargeMessageException(String message, int index, int count, @Nullable Throwable cause, Outcome outcome) {
		super(message, cause, outcome);
		this.index = index;
		this.count = count;
	}

	/**
	 * Which chunk failed.
	 * @return its place, counted from 0
	 */
	public int index() {
		return this.index;
	}

	/**
	 * How many chunks the message has.
	 * @return the number
	 */
	public int count() {
		return this.count;
	}

}
