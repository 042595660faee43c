package io.liftbridge.client.group;

/**
 * A partition that a group shares out.
 *
 * @param stream the stream's name
 * @param partition the partition's number
 */
public record GroupPartition(String stream, int partition) implements Comparable<GroupPartition> {

	@Override
	public int compareTo(GroupPartition other) {
		int order = this.stream.compareTo(other.stream);
		return (order != 0) ? order : Integer.compare(this.partition, other.partition);
	}

	@Override
	public String toString() {
		return this.stream + "[" + this.partition + "]";
	}

}
