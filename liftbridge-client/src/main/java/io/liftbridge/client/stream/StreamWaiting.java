package io.liftbridge.client.stream;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.proto.StreamMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Asks again and again until a stream can be used. Safe for use by many threads.
 */
final class StreamWaiting {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	private final Cluster cluster;

	StreamWaiting(Cluster cluster) {
		this.cluster = cluster;
	}

	StreamMetadata forStream(String name, Duration timeout) {
		return await(name, timeout, (metadata) -> Missing.stream(name, metadata));
	}

	void forCursors(Duration timeout) {
		await(ClusterMetadata.CURSORS_STREAM, timeout, (metadata) -> new CursorsDisabledException(
				"After " + timeout + " there is no stream for cursors (asked " + metadata.source()
						+ "). Set cursors.stream.partitions to 1 or more in the server's configuration and restart it.",
				null));
	}

	private StreamMetadata await(String name, Duration timeout, Absence absence) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		LiftbridgeException said = null;
		LiftbridgeException unanswered = null;
		do {
			try {
				ClusterMetadata metadata = ask(deadline);
				StreamMetadata stream = metadata.stream(name);
				Integer headless = (stream != null) ? headless(stream) : null;
				if (stream != null && headless == null) {
					return stream;
				}
				said = (stream == null) ? absence.in(metadata)
						: new BrokerUnavailableException(
								"stream '" + name + "' partition " + headless + " has no leader after " + timeout + ".",
								null, Outcome.REFUSED);
			}
			catch (BrokerUnavailableException ex) {
				unanswered = ex;
			}
			long rest = deadline - System.nanoTime();
			if (rest > 0) {
				Cluster.await(this.cluster.delay(Duration.ofNanos(Math.min(rest, INTERVAL.toNanos()))));
			}
		}
		while (deadline - System.nanoTime() > 0);
		// That nobody can be asked now says less than what a broker answered before.
		throw (said != null) ? said : Objects.requireNonNull(unanswered);
	}

	/** The client's own patience with brokers may be longer than what is left here. */
	private ClusterMetadata ask(long deadline) {
		long rest = Math.max(TimeUnit.MILLISECONDS.toNanos(1), deadline - System.nanoTime());
		return Cluster.await(this.cluster.refresh().copy().orTimeout(rest, TimeUnit.NANOSECONDS).exceptionally((ex) -> {
			if (Cluster.unwrap(ex).getCause() instanceof TimeoutException || ex instanceof TimeoutException) {
				throw new BrokerUnavailableException("No broker has answered in time.", ex, Outcome.NOT_SENT);
			}
			throw Cluster.unwrap(ex);
		}));
	}

	private static @Nullable Integer headless(StreamMetadata stream) {
		return stream.getPartitionsMap()
			.values()
			.stream()
			.filter((partition) -> partition.getLeader().isEmpty())
			.map((partition) -> partition.getId())
			.min(Integer::compare)
			.orElse(null);
	}

	private interface Absence {

		LiftbridgeException in(ClusterMetadata metadata);

	}

}
