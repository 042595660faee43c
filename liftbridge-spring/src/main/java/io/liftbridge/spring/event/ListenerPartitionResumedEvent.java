package io.liftbridge.spring.event;

/**
 * A partition of a listener that was paused goes on.
 */
public class ListenerPartitionResumedEvent extends ListenerPartitionEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	public ListenerPartitionResumedEvent(Object source, String listenerId, String stream, int partition) {
		super(source, listenerId, stream, partition);
	}

}
