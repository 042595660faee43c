package io.liftbridge.spring.sink;

/**
 * Another sink of the same name has taken over a partition. Nothing of the batch was
 * written; this sink stops, unless it is a member of a group, which moves partitions.
 */
public class SinkFencedException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates it.
	 * @param message which sink, which partition, and what to do
	 */
	public SinkFencedException(String message) {
		super(message);
	}

}
