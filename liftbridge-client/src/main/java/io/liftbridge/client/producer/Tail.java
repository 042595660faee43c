package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;

/**
 * The end of a partition.
 *
 * @param newest the leader's newest offset
 * @param read up to where could be read
 * @param found what was read
 */
record Tail(long newest, long read, List<Found> found) {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	/** So many messages of others are read to say whose they are. */
	private static final int CURIOSITY = 16;

	/**
	 * Reads it.
	 * @param from where to begin, -1 for not to read
	 * @param next the offset of the next message, as far as the producer knows
	 */
	static CompletableFuture<Tail> read(Cluster cluster, String stream, int partition, long from, long next) {
		return PartitionEnd.ask(cluster, stream, partition, TIMEOUT).thenCompose((end) -> {
			long newest = end.getNewestOffset();
			// What is not committed cannot be read.
			long to = Math.min(Math.min(newest, end.getHighWatermark()), next + CURIOSITY);
			List<Found> found = new ArrayList<>();
			if (from < 0 || to < from) {
				return CompletableFuture.completedFuture(new Tail(newest, Math.max(to, from - 1), found));
			}
			return LogReader
				.read(cluster, stream, partition, from, to, TIMEOUT, (message) -> found.add(Found.of(message)))
				.thenApply((last) -> new Tail(newest, to, found));
		});
	}

}
