package io.liftbridge.spring.event;

/**
 * A partition is not delivered to a listener, because of its broker or its stream. The
 * listener keeps trying.
 */
public class ListenerPartitionInterruptedEvent extends ListenerContainerEvent {

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
	 * @param reason why it is not delivered
	 */
	public ListenerPartitionInterruptedEvent(Object source, String listenerId, String stream, int partition,
			String reason) {
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
	 * Tells why it is not delivered.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

}
