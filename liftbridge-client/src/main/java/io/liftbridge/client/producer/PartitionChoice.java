package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Which partition a message goes to: the one it asks for, else the partitioner's.
 */
final class PartitionChoice {

	private final ProducerOptions options;

	private final PartitionCount partitions;

	private final @Nullable PublishingIds ids;

	PartitionChoice(Cluster cluster, ProducerOptions options, @Nullable PublishingIds ids) {
		this.ids = ids;
		this.options = options;
		this.partitions = new PartitionCount(cluster, options.stream());
	}

	/** Whether the choice needs no broker. */
	boolean isKnown(Message message) {
		int count = this.partitions.known();
		return count > 0 && message.partition() < count && (this.ids == null || this.ids.isKnown(count));
	}

	/** Chooses, and asks brokers where that is necessary. */
	int choose(Message message, long deadline) {
		int count = this.partitions.get(deadline);
		if (this.ids != null) {
			this.ids.await(count, deadline);
		}
		int partition = message.partition();
		if (partition == Message.ANY_PARTITION) {
			partition = this.options.partitioner().partition(message, count);
			if (partition != Partitioner.DROP && (partition < 0 || partition >= count)) {
				throw new InvalidRequestException("The partitioner chose partition " + partition + " of stream '"
						+ this.options.stream() + "', which has partitions 0 to " + (count - 1) + ".", null);
			}
		}
		else if (partition >= count) {
			int renewed = this.partitions.renew(deadline);
			if (partition >= renewed) {
				throw Missing.partition(this.options.stream(), partition, renewed);
			}
			if (this.ids != null) {
				this.ids.await(renewed, deadline);
			}
		}
		return partition;
	}

	/** Waits until it is known what is stored. */
	void await(long deadline) {
		int count = this.partitions.get(deadline);
		if (this.ids != null) {
			this.ids.await(count, deadline);
		}
	}

	/** The server does not agree. */
	void forget() {
		this.partitions.forget();
	}

}
