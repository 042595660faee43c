package io.liftbridge.spring.event;

/**
 * A listener cannot work as it is configured, and delivers nothing.
 */
public class ListenerContainerFailedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final Throwable reason;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param reason why it failed
	 */
	public ListenerContainerFailedEvent(Object source, String listenerId, Throwable reason) {
		super(source, listenerId);
		this.reason = reason;
	}

	/**
	 * Tells why it failed.
	 * @return the reason
	 */
	public Throwable getReason() {
		return this.reason;
	}

	@Override
	String details() {
		return this.reason.toString();
	}

}
