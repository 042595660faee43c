package io.liftbridge.embedded.stream;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * The leader of the cluster's metadata, which is this broker itself, but, if it was built
 * so, only some time after a restart. Until then a real broker replays its metadata: it
 * knows no streams and no groups. Thread-safe.
 */
public final class MetadataLeader {

	private volatile boolean known = true;

	private volatile long knownAt;

	private volatile @Nullable ScheduledExecutorService scheduler;

	/**
	 * Begins a life of the broker.
	 * @param scheduler runs what waits for the leader
	 * @param delay time until the leader is known
	 * @param whenKnown called then, on the scheduler's thread unless the delay is zero
	 */
	public void start(ScheduledExecutorService scheduler, Duration delay, Runnable whenKnown) {
		this.scheduler = scheduler;
		this.knownAt = System.nanoTime() + delay.toNanos();
		this.known = delay.isZero();
		if (this.known) {
			whenKnown.run();
			return;
		}
		scheduler.schedule(() -> {
			this.known = true;
			whenKnown.run();
		}, delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Whether metadata can be asked and changed.
	 * @return {@code true} except for a while after a restart
	 */
	public boolean isKnown() {
		return this.known;
	}

	/**
	 * Does something that needs the leader: now, or as soon as it is known if the caller
	 * has the time to wait.
	 * @param patienceNanos how long the caller waits
	 * @param action what to do
	 * @throws RefusedException if the leader is not known and will not be in time
	 */
	public void whenKnown(long patienceNanos, Runnable action) {
		if (this.known) {
			action.run();
			return;
		}
		long missing = this.knownAt - System.nanoTime();
		ScheduledExecutorService executor = this.scheduler;
		if (executor == null || patienceNanos <= missing) {
			throw RefusedException.internal("no known metadata leader");
		}
		executor.schedule(() -> whenKnown(patienceNanos - missing, action), Math.max(missing, 0) + 1,
				TimeUnit.NANOSECONDS);
	}

}
