package io.liftbridge.spring.event;

import java.util.List;

/**
 * A listener has found out which partitions of a stream it reads, and begins to.
 */
public class ListenerPartitionsAssignedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final String stream;

	private final transient List<Integer> partitions;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partitions the numbers of the partitions
	 */
	public ListenerPartitionsAssignedEvent(Object source, String listenerId, String stream, List<Integer> partitions) {
		super(source, listenerId);
		this.stream = stream;
		this.partitions = List.copyOf(partitions);
	}

	/**
	 * Tells the stream.
	 * @return the stream's name
	 */
	public String getStream() {
		return this.stream;
	}

	/**
	 * Tells the partitions.
	 * @return the numbers of those that are read from now on
	 */
	public List<Integer> getPartitions() {
		return this.partitions;
	}

	@Override
	String details() {
		return "stream '" + this.stream + "' partitions " + this.partitions;
	}

}
