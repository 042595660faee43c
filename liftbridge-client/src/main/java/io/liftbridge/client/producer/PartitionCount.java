package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;

/**
 * How many partitions a stream has. Only the first message waits for this, and one that
 * asks for a partition which is not known; a stream may have been replaced.
 */
final class PartitionCount {

	private static final Duration SHORTEST_PAUSE = Duration.ofMillis(25);

	private final Cluster cluster;

	private final String stream;

	private volatile int known;

	/** A broker may lag behind the one that created the stream. */
	private static final int LAGGING_ATTEMPTS = 6;

	PartitionCount(Cluster cluster, String stream) {
		this.cluster = cluster;
		this.stream = stream;
	}

	/** Tells the number without asking anybody, 0 or less if it is not known. */
	int known() {
		int count = this.known;
		if (count == 0) {
			count = this.cluster.known().partitions(this.stream);
			this.known = count;
		}
		return count;
	}

	/** Tells the number, asking brokers if it is not known. */
	int get(long deadline) {
		int count = known();
		return (count > 0) ? count : renew(deadline);
	}

	/** The server does not agree. */
	void forget() {
		this.known = -1;
	}

	/** Asks for the number, and waits for a broker that tells it. */
	int renew(long deadline) {
		BrokerUnavailableException reason = null;
		for (int attempt = 1;; attempt++) {
			boolean last = deadline - System.nanoTime() <= SHORTEST_PAUSE.toNanos();
			try {
				if (attempt > 1) {
					ask(this.cluster.delay(this.cluster.options().retryPolicy().pause(Math.min(attempt - 1, 3))),
							deadline);
				}
				ClusterMetadata metadata = ask(this.cluster.refresh(), deadline);
				int count = metadata.partitions(this.stream);
				if (count > 0) {
					this.known = count;
					return count;
				}
				// A broker that has just come back learns its streams one by one.
				boolean another = this.cluster.brokers().size() > 1 && attempt <= LAGGING_ATTEMPTS;
				if (last || !(another || this.cluster.isRecovering())) {
					throw Missing.stream(this.stream, metadata);
				}
				reason = null;
			}
			catch (BrokerUnavailableException ex) {
				if (last || ex.getCause() instanceof TimeoutException) {
					// That the time is up says less than what went before.
					throw (reason != null) ? reason : ex;
				}
				reason = ex;
			}
		}
	}

	private <R> R ask(CompletableFuture<R> answer, long deadline) {
		try {
			return answer.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw new BrokerUnavailableException("No broker told in time which partitions stream '" + this.stream
					+ "' has. Asked: " + this.cluster.options().seeds()
					+ ". Check that a broker runs and that the seeds (liftbridge.seeds) name it as host:port, or raise"
					+ " enqueueTimeout (liftbridge.producer.enqueue-timeout).", ex, Outcome.NOT_SENT);
		}
		catch (ExecutionException ex) {
			throw Cluster.unwrap(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted before the message to stream '" + this.stream + "' was sent.",
					ex, Outcome.NOT_SENT);
		}
	}

}
