package io.liftbridge.spring.listener.delivery;

/**
 * What a container delivers to: single messages or batches.
 */
public sealed interface Listener permits RecordListener, BatchListener {

	/**
	 * Tells whether a {@link ListenerObserver} surrounds its calls.
	 * @return {@code true} by default; {@code false} if messages are not processed when a
	 * call ends, so that it would tell nothing of them
	 */
	default boolean isObserved() {
		return true;
	}

}
