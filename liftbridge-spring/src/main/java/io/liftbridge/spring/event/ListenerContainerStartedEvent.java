package io.liftbridge.spring.event;

/**
 * Every partition of a listener has been live for the first time since its start.
 */
public class ListenerContainerStartedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 */
	public ListenerContainerStartedEvent(Object source, String listenerId) {
		super(source, listenerId);
	}

}
