package io.liftbridge.spring.event;

import org.springframework.context.ApplicationEvent;

/**
 * Something happened to a listener container, which is the source. Published on threads
 * of the container: listeners of events must not block.
 */
public abstract class ListenerContainerEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	private final String listenerId;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 */
	protected ListenerContainerEvent(Object source, String listenerId) {
		super(source);
		this.listenerId = listenerId;
	}

	/**
	 * Tells which listener it is about.
	 * @return the listener's id
	 */
	public String getListenerId() {
		return this.listenerId;
	}

	@Override
	public String toString() {
		String details = details();
		return getClass().getSimpleName() + "[" + this.listenerId + (details.isEmpty() ? "" : ": " + details) + "]";
	}

	/** What else is known, for people. */
	String details() {
		return "";
	}

}
