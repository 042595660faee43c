package io.liftbridge.spring.sink;

/**
 * Lets a {@link BulkWriter} tell which message of a batch can never be written. Nothing
 * of the batch is written then. The message is dead-lettered, the others are written.
 */
public class PoisonMessageException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int index;

	/**
	 * Creates it.
	 * @param index place of the message in the batch, counted from 0
	 * @param cause why it cannot be written
	 */
	public PoisonMessageException(int index, Throwable cause) {
		super("Message " + index + " of the batch cannot be written: " + cause, cause);
		this.index = index;
	}

	/**
	 * Tells which message it is.
	 * @return its place in the batch, counted from 0
	 */
	public int getIndex() {
		return this.index;
	}

}
