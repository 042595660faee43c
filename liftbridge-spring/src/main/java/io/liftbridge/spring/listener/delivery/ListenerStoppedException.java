package io.liftbridge.spring.listener.delivery;

/**
 * Tells why a container was stopped by its error handler. The message is not processed,
 * and is delivered again after the next start.
 */
public class ListenerStoppedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param failure the failure that the container stops at
	 */
	public ListenerStoppedException(ListenerFailure failure) {
		super("Listener '" + failure.listenerId() + "' is stopped at " + failure + " after " + failure.attempts()
				+ " attempt(s): " + FailureText.of(failure.cause())
				+ ". Mend the cause and start the container again: the message comes again.", failure.cause());
	}

}
