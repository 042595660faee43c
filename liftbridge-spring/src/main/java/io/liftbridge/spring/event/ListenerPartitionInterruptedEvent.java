package io.liftbridge.spring.event;

/**
 * A partition is not delivered to a listener, because of its broker or its stream. The
 * listener keeps trying.
 */
public class ListenerPartitionInterruptedEvent extends ListenerPartitionEvent {

	private static final long serialVersionUID = 1L;

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
		super(source, listenerId, stream, partition);
		this.reason = reason;
	}

	/**
	 * Tells why it is not delivered.
	 * @return the reason
	 */
	public String getReason() {
		return this.reason;
	}

	@Override
	String details() {
		return super.details() + ", " + this.reason;
	}

}
