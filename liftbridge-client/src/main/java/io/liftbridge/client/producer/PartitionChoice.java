package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
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
			partition = ask(message, count);
			if (partition != Partitioner.DROP && (partition < 0 || partition >= count)) {
				throw new InvalidRequestException("The partitioner chose partition " + partition + " of stream '"
						+ this.options.stream() + "', which has partitions 0 to " + (count - 1) + ".", null);
			}
		}
		else if (partition >= count) {
			renew(partition, deadline);
		}
		return partition;
	}

	private int ask(Message message, int count) {
		try {
			return this.options.partitioner().partition(message, count);
		}
		catch (LiftbridgeException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new LiftbridgeException("The partitioner of stream '" + this.options.stream() + "' ("
					+ this.options.partitioner().getClass().getName() + ") failed for " + message + ", which was not"
					+ " sent: " + ex, ex, Outcome.NOT_SENT);
		}
	}

	/** A partition that came to be just now. */
	private void renew(int partition, long deadline) {
		int renewed = this.partitions.renew(deadline);
		if (partition >= renewed) {
			throw Missing.partition(this.options.stream(), partition, renewed);
		}
		if (this.ids != null) {
			this.ids.await(renewed, deadline);
		}
	}

	/** Waits until it is known what is stored. */
	void await(long deadline) {
		int count = this.partitions.get(deadline);
		if (this.ids != null) {
			this.ids.await(count, deadline);
		}
	}

	/** Waits until it is known what is stored in a partition, which there must be. */
	void await(int partition, long deadline) {
		int count = this.partitions.get(deadline);
		if (partition < 0) {
			throw Missing.partition(this.options.stream(), partition, count);
		}
		if (partition >= count) {
			renew(partition, deadline);
		}
		else if (this.ids != null) {
			this.ids.await(count, deadline);
		}
	}

	/** The server does not agree. */
	void forget() {
		this.partitions.forget();
	}

}
