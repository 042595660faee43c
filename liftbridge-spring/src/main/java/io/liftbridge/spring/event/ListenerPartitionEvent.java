package io.liftbridge.spring.event;

/**
 * Something has happened to one partition of a listener.
 */
public abstract class ListenerPartitionEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final String stream;

	private final int partition;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	protected ListenerPartitionEvent(Object source, String listenerId, String stream, int partition) {
		super(source, listenerId);
		this.stream = stream;
		this.partition = partition;
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

	@Override
	String details() {
		return "stream '" + this.stream + "' partition " + this.partition;
	}

}
