package io.liftbridge.client.group;

import java.time.Duration;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Serial;

/**
 * What a member does next, as an event of the member. Only the last step that was planned
 * is done.
 */
final class Steps {

	private final Cluster cluster;

	private final Serial<Runnable> events;

	private int plan;

	/** In a row. */
	private int failed;

	private boolean ended;

	Steps(Cluster cluster, Serial<Runnable> events) {
		this.cluster = cluster;
		this.events = events;
	}

	/** How many steps have failed in a row. */
	int failed() {
		return this.failed;
	}

	int fail() {
		return ++this.failed;
	}

	void succeed() {
		this.failed = 0;
	}

	void plan(Runnable step, Duration delay) {
		int mine = ++this.plan;
		this.cluster.schedule(() -> this.events.post(() -> {
			if (mine == this.plan && !this.ended) {
				step.run();
			}
		}), delay);
	}

	/**
	 * Does the next step at once, or after a pause that grows with the failures.
	 * @param longest however long the client was told to pause: a member that is silent
	 * for too long is expired
	 */
	void next(Runnable step, boolean pause, Duration longest) {
		if (pause) {
			Duration told = this.cluster.options().retryPolicy().pause(Math.max(1, this.failed));
			plan(step, (told.compareTo(longest) < 0) ? told : longest);
		}
		else {
			step.run();
		}
	}

	/** What was planned is not done any more. */
	void cancel() {
		this.plan++;
	}

	/** Nothing is done any more. */
	void end() {
		this.ended = true;
	}

}
