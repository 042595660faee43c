package io.liftbridge.spring.event;

/**
 * A listener was stopped; its positions are stored as far as that was possible.
 */
public class ListenerContainerStoppedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 */
	public ListenerContainerStoppedEvent(Object source, String listenerId) {
		super(source, listenerId);
	}

}
