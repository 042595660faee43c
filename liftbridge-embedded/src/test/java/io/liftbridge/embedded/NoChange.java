package io.liftbridge.embedded;

import java.util.concurrent.Callable;

/**
 * Whether a number is still the one it was when it was last looked at.
 */
final class NoChange implements Callable<Boolean> {

	private final Callable<Long> number;

	private long last = Long.MIN_VALUE;

	NoChange(Callable<Long> number) {
		this.number = number;
	}

	@Override
	public Boolean call() throws Exception {
		long now = this.number.call();
		boolean same = now == this.last;
		this.last = now;
		return same;
	}

}
