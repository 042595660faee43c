package io.liftbridge.client.consumer;

/**
 * Is told how far a subscription's handler has come, on the thread that runs it. For use
 * inside the client.
 */
public interface HandlerObserver {

	/** The handler is about to be called. */
	default void begins() {
		// Who counts only what is done need not know.
	}

	/**
	 * The handler has returned without a failure.
	 * @param offset of the last message it took, or that was filtered out
	 */
	void processed(long offset);

}
