package io.liftbridge.client.topic;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.message.LiftbridgeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs failures whose futures nobody looks at, at most once in a while: a validator may
 * refuse thousands of events in a second.
 */
final class Unwatched {

	private static final Logger logger = LoggerFactory.getLogger(Unwatched.class);

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

	private final String topic;

	private final ReentrantLock lock = new ReentrantLock();

	private long last = System.nanoTime() - PAUSE;

	private long untold;

	Unwatched(String topic) {
		this.topic = topic;
	}

	void failed(LiftbridgeException failure) {
		long count;
		this.lock.lock();
		try {
			this.untold++;
			if (System.nanoTime() - this.last < PAUSE) {
				return;
			}
			this.last = System.nanoTime();
			count = this.untold;
			this.untold = 0;
		}
		finally {
			this.lock.unlock();
		}
		logger.warn("{} event(s) to topic '{}' failed that nobody waits for at the moment, the last: {}", count,
				this.topic, failure.toString());
	}

}
