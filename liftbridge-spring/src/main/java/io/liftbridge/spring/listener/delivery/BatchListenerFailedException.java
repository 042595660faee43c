package io.liftbridge.spring.listener.delivery;

import org.jspecify.annotations.Nullable;

/**
 * Lets a batch listener tell which element failed. Those before it count as processed; it
 * is retried, together with those behind it, and finally recovered alone.
 */
public class BatchListenerFailedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final int index;

	/**
	 * Creates it.
	 * @param message what went wrong
	 * @param cause why, or {@code null}
	 * @param index place of the failed element in the list, counted from 0
	 */
	public BatchListenerFailedException(String message, @Nullable Throwable cause, int index) {
		super(message, cause);
		this.index = index;
	}

	/**
	 * Tells which element failed.
	 * @return its place in the list that the listener received, counted from 0
	 */
	public int getIndex() {
		return this.index;
	}

}
