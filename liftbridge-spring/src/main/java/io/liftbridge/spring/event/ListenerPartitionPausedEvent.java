package io.liftbridge.spring.event;

/**
 * A partition of a listener was paused by its application.
 */
public class ListenerPartitionPausedEvent extends ListenerPartitionEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	public ListenerPartitionPausedEvent(Object source, String listenerId, String stream, int partition) {
		super(source, listenerId, stream, partition);
	}

}
