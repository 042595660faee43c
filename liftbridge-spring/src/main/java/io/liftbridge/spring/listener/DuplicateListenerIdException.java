package io.liftbridge.spring.listener;

/**
 * Two listeners have the same id.
 */
public class DuplicateListenerIdException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String listenerId;

	/**
	 * Creates it.
	 * @param listenerId the id
	 * @param message where both are, and the remedy
	 */
	public DuplicateListenerIdException(String listenerId, String message) {
		super(message);
		this.listenerId = listenerId;
	}

	/**
	 * Tells the id.
	 * @return the id that two listeners have
	 */
	public String getListenerId() {
		return this.listenerId;
	}

}
