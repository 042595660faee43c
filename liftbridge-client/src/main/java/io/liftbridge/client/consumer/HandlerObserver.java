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
	 * What it knows of records that were processed, so that they are not delivered again.
	 * @return the mark, which its handler moves; by default one that notes nothing
	 */
	default RecordMark records() {
		return RecordMark.NONE;
	}

	/**
	 * The handler has returned without a failure.
	 * @param offset up to where all is processed or filtered out
	 */
	void processed(long offset);

}
