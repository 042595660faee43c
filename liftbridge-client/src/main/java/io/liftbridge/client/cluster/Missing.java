package io.liftbridge.client.cluster;

import java.util.List;

import io.liftbridge.client.message.ActivityDisabledException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;

/**
 * What is said of streams and partitions that are not there. For use inside the client.
 */
public final class Missing {

	/** What to do about it, with and without Spring. */
	public static final String REMEDY = "Create it with streams().create(...) of the client; in a Spring application"
			+ " with LiftbridgeAdmin, or list it under liftbridge.streams: such streams are created when the context"
			+ " starts, too late for constructors and @PostConstruct.";

	private static final int LISTED = 20;

	private Missing() {
	}

	/**
	 * The failure for a stream that nobody knows.
	 * @param name the stream's name
	 * @param metadata where it was looked for
	 * @return the exception
	 */
	public static StreamNotFoundException stream(String name, ClusterMetadata metadata) {
		if (name.equals(ClusterMetadata.ACTIVITY_STREAM)) {
			return new ActivityDisabledException(
					"There is no stream '" + name + "' of what happens in the cluster (asked " + metadata.source()
							+ "). Set activity.stream.enabled to true in the server's configuration and restart it.",
					null);
		}
		List<String> others = metadata.userStreams();
		String existing = others.isEmpty() ? "There are no streams yet."
				: "Existing streams are: " + String.join(", ", others.subList(0, Math.min(LISTED, others.size())))
						+ ((others.size() > LISTED) ? " and " + (others.size() - LISTED) + " more." : ".");
		return new StreamNotFoundException(
				"stream '" + name + "' does not exist (asked " + metadata.source() + "). " + existing + " " + REMEDY,
				null);
	}

	/**
	 * The failure for a partition that the stream does not have.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param partitions how many there are
	 * @return the exception
	 */
	public static PartitionNotFoundException partition(String stream, int partition, int partitions) {
		return new PartitionNotFoundException("stream '" + stream + "' has no partition " + partition + ": it has "
				+ partitions + ", numbered from 0 to " + (partitions - 1) + ".", null);
	}

}
