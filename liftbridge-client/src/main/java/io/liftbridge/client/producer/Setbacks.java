package io.liftbridge.client.producer;

import java.time.Duration;

import io.liftbridge.client.cluster.RetryPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Counts what went wrong in a row, so that attempts become rarer.
 */
final class Setbacks {

	private int count;

	private @Nullable String last;

	void add(int more) {
		this.count += more;
	}

	/** Something has worked. */
	void over() {
		this.count = 0;
	}

	boolean isNone() {
		return this.count == 0;
	}

	/** Whether it is not the first one, which is no reason to wait. */
	boolean isRepeated() {
		return this.count > 1;
	}

	@Nullable String last() {
		return this.last;
	}

	/** How long to wait before the next attempt. */
	Duration pause(RetryPolicy policy, String why) {
		this.last = why;
		this.count++;
		return policy.pause(this.count);
	}

}
