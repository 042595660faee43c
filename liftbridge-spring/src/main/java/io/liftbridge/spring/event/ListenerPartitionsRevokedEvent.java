package io.liftbridge.spring.event;

import java.util.List;

/**
 * A group has taken partitions from a listener, or the listener has left it: the listener
 * has finished what it was at, and its position is stored as far as that was possible.
 */
public class ListenerPartitionsRevokedEvent extends ListenerContainerEvent {

	private static final long serialVersionUID = 1L;

	private final String stream;

	private final transient List<Integer> partitions;

	private final String reason;

	/**
	 * Creates the event.
	 * @param source the container
	 * @param listenerId the listener's id
	 * @param stream the stream's name
	 * @param partitions the numbers of the partitions
	 * @param reason why
	 */
	public ListenerPartitionsRevokedEvent(Object source, String listenerId, String stream, List<Integer> partitions,
			String reason) {
		super(source, listenerId);
		this.stream = stream;
		this.partitions = List.copyOf(partitions);
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
	 * Tells the partitions.
	 * @return the numbers of those that are not read any more
	 */
	public List<Integer> getPartitions() {
		return this.partitions;
	}

	/**
	 * Tells why.
	 * @return the reason, for people
	 */
	public String getReason() {
		return this.reason;
	}

	@Override
	String details() {
		return "stream '" + this.stream + "' partitions " + this.partitions + ", " + this.reason;
	}

}
