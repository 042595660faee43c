package io.liftbridge.client.producer;

/**
 * What becomes of a message whose key has no route.
 */
public enum Unroutable {

	/** {@code send} throws. */
	FAIL,

	/**
	 * The message is dropped: its future completes with an
	 * {@link io.liftbridge.client.message.UnroutableException}, of which the producer's
	 * listener is told, too.
	 */
	DROP

}
