package io.liftbridge.spring.listener.delivery;

/**
 * Ends a delivery because its container stops: the message at hand counts as not
 * processed.
 */
final class DeliveryStoppedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	DeliveryStoppedException() {
		super("The container stops", null, false, false);
	}

}
