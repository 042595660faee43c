package io.liftbridge.spring.listener.delivery;

/**
 * Ends a delivery because its container stops: the message at hand counts as not
 * processed.
 */
class DeliveryStoppedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	DeliveryStoppedException() {
		this("The container stops");
	}

	DeliveryStoppedException(String message) {
		super(message, null, false, false);
	}

}
