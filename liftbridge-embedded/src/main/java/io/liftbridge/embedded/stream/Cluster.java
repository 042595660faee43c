package io.liftbridge.embedded.stream;

/**
 * The cluster, which is this one broker.
 *
 * @param brokerId the broker's id
 * @param namespace first part of the subjects the broker makes up
 * @param maxMessageBytes bytes of a message's envelope above which the message is not
 * stored
 */
public record Cluster(String brokerId, String namespace, int maxMessageBytes) {

	/** Number of brokers. */
	public static final int SIZE = 1;

}
