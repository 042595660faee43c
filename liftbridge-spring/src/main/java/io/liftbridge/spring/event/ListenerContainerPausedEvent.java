package io.liftbridge.spring.event;

/**
 * A listener was paused by its application: it receives nothing more until it is resumed,
 * but keeps its partitions.
 */
public class ListenerContainerPausedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 */
	public ListenerContainerPausedEvent(Object source, String listenerId) {
		super(source, listenerId);
	}

}
