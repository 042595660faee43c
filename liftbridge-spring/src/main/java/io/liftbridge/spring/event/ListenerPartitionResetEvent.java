package io.liftbridge.spring.event;

/**
 * A listener does not go on where it was in a partition, because its position means
 * nothing any more: the stream was created anew, or has lost messages.
 */
public class ListenerPartitionResetEvent extends ListenerPartitionEvent {

	private static final long serialVersionUID = 1L;

	private final String reason;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param reason what happened and where reading begins
	 */
	public ListenerPartitionResetEvent(Object source, String listenerId, String stream, int partition, String reason) {
		super(source, listenerId, stream, partition);
		this.reason = reason;
	}

	/**
	 * Tells what happened.
	 * @return why, and where reading begins
	 */
	public String getReason() {
		return this.reason;
	}

	@Override
	String details() {
		return super.details() + ", " + this.reason;
	}

}
