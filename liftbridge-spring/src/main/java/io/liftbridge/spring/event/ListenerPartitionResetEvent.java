package io.liftbridge.spring.event;

/**
 * A listener does not go on where it was in a partition, because its position means
 * nothing any more: the stream was created anew, or has lost messages.
 */
public class ListenerPartitionResetEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final String stream;

	private final int partition;

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
		super(source, listenerId);
		this.stream = stream;
		this.partition = partition;
		this.reason = reason;
	}

	/**
	 * Tells the stream.
	 * @return the stream's name
	 */
	public String getStream() {
		return this.stream;
	}

	/**
	 * Tells the partition.
	 * @return the partition's number
	 */
	public int getPartition() {
		return this.partition;
	}

	/**
	 * Tells what happened.
	 * @return why, and where reading begins
	 */
	public String getReason() {
		return this.reason;
	}

}
