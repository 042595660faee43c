package io.liftbridge.spring.listener;

/**
 * A listener cannot begin to read, and {@link StartupFailurePolicy#STOP} says that the
 * application must not start without it. The cause tells why.
 */
public class ListenerStartException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String listenerId;

	/**
	 * Creates it.
	 * @param listenerId the listener's id
	 * @param cause why it cannot begin
	 */
	public ListenerStartException(String listenerId, Throwable cause) {
		super("Listener '" + listenerId + "' cannot start: " + cause.getMessage()
				+ " (startupFailurePolicy = STOP; with RETRY it would keep trying.)", cause);
		this.listenerId = listenerId;
	}

	/**
	 * Tells the listener.
	 * @return its id
	 */
	public String getListenerId() {
		return this.listenerId;
	}

}
