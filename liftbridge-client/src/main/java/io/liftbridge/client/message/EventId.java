package io.liftbridge.client.message;

import java.util.Comparator;

/**
 * The place of a message or of a record in a cluster. Within a partition later messages
 * have greater ids; between partitions the order says nothing about time.
 *
 * @param stream the stream's name
 * @param partition the partition
 * @param offset position in the partition, counted from 0
 * @param index the record's place in its batch entry, counted from 0; 0 for a message of
 * its own
 */
public record EventId(String stream, int partition, long offset, int index) implements Comparable<EventId> {

	private static final Comparator<EventId> ORDER = Comparator.comparing(EventId::stream)
		.thenComparingInt(EventId::partition)
		.thenComparingLong(EventId::offset)
		.thenComparingInt(EventId::index);

	@Override
	public int compareTo(EventId other) {
		return ORDER.compare(this, other);
	}

	/**
	 * Tells the place in short.
	 * @return for instance {@code orders/0/42}, with the index of a record
	 * {@code orders/0/42.7}
	 */
	@Override
	public String toString() {
		return this.stream + "/" + this.partition + "/" + this.offset + ((this.index > 0) ? "." + this.index : "");
	}

}
