package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;

/**
 * Which partition a message goes to: the one it asks for, else the partitioner's.
 */
final class PartitionChoice {

	private final ProducerOptions options;

	private final PartitionCount partitions;

	PartitionChoice(Cluster cluster, ProducerOptions options) {
		this.options = options;
		this.partitions = new PartitionCount(cluster, options.stream());
	}

	/** Whether the choice needs no broker. */
	boolean isKnown(Message message) {
		int count = this.partitions.known();
		return count > 0 && message.partition() < count;
	}

	/** Chooses, and asks brokers where that is necessary. */
	int choose(Message message, long deadline) {
		int count = this.partitions.get(deadline);
		int partition = message.partition();
		if (partition == Message.ANY_PARTITION) {
			partition = this.options.partitioner().partition(message, count);
			if (partition != Partitioner.DROP && (partition < 0 || partition >= count)) {
				throw new InvalidRequestException("The partitioner chose partition " + partition + " of stream '"
						+ this.options.stream() + "', which has partitions 0 to " + (count - 1) + ".", null);
			}
		}
		else if (partition >= count && partition >= this.partitions.renew(deadline)) {
			throw Missing.partition(this.options.stream(), partition, count);
		}
		return partition;
	}

	/** The server does not agree. */
	void forget() {
		this.partitions.forget();
	}

}
