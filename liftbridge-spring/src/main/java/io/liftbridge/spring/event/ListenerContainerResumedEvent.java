package io.liftbridge.spring.event;

/**
 * A listener that was paused goes on.
 */
public class ListenerContainerResumedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 */
	public ListenerContainerResumedEvent(Object source, String listenerId) {
		super(source, listenerId);
	}

}
