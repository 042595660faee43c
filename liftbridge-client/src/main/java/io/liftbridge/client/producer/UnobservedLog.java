package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures that nobody waits for: the first at once, those after it together, as
 * they come at the rate of messages. Safe for use by many threads.
 */
final class UnobservedLog {

	private static final Logger logger = LoggerFactory.getLogger(UnobservedLog.class);

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final Cluster cluster;

	private final String stream;

	private final ReentrantLock lock = new ReentrantLock();

	/** Whether a line was logged so lately that others wait. */
	private boolean quiet;

	private boolean closed;

	private int count;

	private @Nullable LiftbridgeException first;

	UnobservedLog(Cluster cluster, String stream) {
		this.cluster = cluster;
		this.stream = stream;
	}

	/** So many have failed. */
	void add(int failed, LiftbridgeException why) {
		boolean wait;
		this.lock.lock();
		try {
			wait = this.quiet && !this.closed;
			if (wait) {
				this.first = (this.first != null) ? this.first : why;
				this.count += failed;
			}
			this.quiet = true;
		}
		finally {
			this.lock.unlock();
		}
		if (!wait) {
			log(failed, why);
			this.cluster.schedule(this::elapsed, INTERVAL);
		}
	}

	private void elapsed() {
		if (logRest()) {
			this.cluster.schedule(this::elapsed, INTERVAL);
		}
	}

	/** Whether others had waited. */
	private boolean logRest() {
		int failed;
		LiftbridgeException why;
		this.lock.lock();
		try {
			failed = this.count;
			why = this.first;
			this.count = 0;
			this.first = null;
			this.quiet = why != null;
		}
		finally {
			this.lock.unlock();
		}
		if (why != null) {
			log(failed, why);
		}
		return why != null;
	}

	/** From now on none waits. */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
		}
		finally {
			this.lock.unlock();
		}
		logRest();
	}

	private void log(int failed, LiftbridgeException why) {
		logger.warn("{} message(s) to stream '{}' failed that nobody waits for at the moment, the first: {}", failed,
				this.stream, why.toString());
	}

}
