package io.liftbridge.client.producer;

import io.liftbridge.client.message.Message;

/**
 * Chooses the partition of a message that does not ask for one. Must be safe for use by
 * many threads.
 */
@FunctionalInterface
public interface Partitioner {

	/**
	 * Stands for "none": the message is dropped. Its future completes with an
	 * {@link io.liftbridge.client.message.UnroutableException}, of which the producer's
	 * listener is told, too.
	 */
	int DROP = Integer.MIN_VALUE;

	/**
	 * Chooses a partition.
	 * @param message the message
	 * @param partitions how many partitions the stream has, at least 1
	 * @return a number from 0 to {@code partitions - 1}, or {@link #DROP}
	 */
	int partition(Message message, int partitions);

}
