package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages that are stored but not committed, as soon as they are. A broker that
 * has crashed does not know what was committed before another message comes. Belongs to
 * the events of a lane.
 */
final class Verification {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final Cluster cluster;

	private final String stream;

	private final int partition;

	private final Consumer<Runnable> events;

	private final Consumer<Found> onFound;

	private @Nullable CompletableFuture<Long> reading;

	/**
	 * Creates it.
	 * @param events runs events of the lane
	 * @param onFound is given what was read, as an event of the lane
	 */
	Verification(Cluster cluster, String stream, int partition, Consumer<Runnable> events, Consumer<Found> onFound) {
		this.cluster = cluster;
		this.stream = stream;
		this.partition = partition;
		this.events = events;
		this.onFound = onFound;
	}

	void start(List<Placed> presumed) {
		stop();
		if (!presumed.isEmpty()) {
			read(presumed.get(0).offset, presumed.get(presumed.size() - 1).offset);
		}
	}

	private void read(long from, long to) {
		CompletableFuture<Long> begun = LogReader.follow(this.cluster, this.stream, this.partition, from, to,
				(message) -> {
					Found found = Found.of(message);
					this.events.accept(() -> this.onFound.accept(found));
				});
		this.reading = begun;
		begun.whenComplete((done, failure) -> {
			if (failure != null) {
				this.cluster.schedule(() -> this.events.accept(() -> {
					if (this.reading == begun) {
						read(from, to);
					}
				}), PAUSE);
			}
		});
	}

	void stop() {
		CompletableFuture<Long> last = this.reading;
		this.reading = null;
		if (last != null) {
			last.cancel(true);
		}
	}

}
