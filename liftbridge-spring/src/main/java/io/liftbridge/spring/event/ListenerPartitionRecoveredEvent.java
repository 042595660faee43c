package io.liftbridge.spring.event;

/**
 * A listener has reconnected to a partition: it is delivered again after a
 * {@link ListenerPartitionInterruptedEvent}, from where it was left.
 */
public class ListenerPartitionRecoveredEvent extends ListenerPartitionEvent {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	public ListenerPartitionRecoveredEvent(Object source, String listenerId, String stream, int partition) {
		super(source, listenerId, stream, partition);
	}

}
