package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * Tells in states and logs why messages wait that did not fail.
 */
final class NegativelyAcknowledgedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	NegativelyAcknowledgedException(Duration delay) {
		super("given back by the listener, comes again after " + delay, null, false, false);
	}

}
