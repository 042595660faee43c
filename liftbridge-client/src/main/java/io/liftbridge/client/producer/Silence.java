package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.PublishPipe;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker that accepts messages but answers none has lost them, because its partition
 * has no leader at the moment, or just stands still. Decides when that has lasted too
 * long and what is sent again, at growing intervals.
 */
final class Silence {

	private static final Logger logger = LoggerFactory.getLogger(Silence.class);

	private final String stream;

	private final int partition;

	private final Window window;

	private final Patience patience;

	private final Probe probe;

	Silence(String stream, int partition, Window window, Patience patience, Probe probe) {
		this.stream = stream;
		this.partition = partition;
		this.window = window;
		this.patience = patience;
		this.probe = probe;
	}

	/** Messages that must not be sent again are waited for. */
	boolean isTooLong(PublishPipe pipe) {
		return pipe.hasConnected() && this.patience.isExhausted(this.probe.isActive()) && !this.window.hasSpent();
	}

	/**
	 * Begins to find out.
	 * @return the message that is to be sent again, {@code null} for all
	 */
	@Nullable Pending suspect() {
		logger.info("Stream '{}' partition {}: no acknowledgement for {} ms, {} messages wait", this.stream,
				this.partition, this.patience.silentMillis(), this.window.size());
		boolean first = this.probe.isActive();
		this.patience.extend();
		return first ? null : this.probe.suspect();
	}

}
