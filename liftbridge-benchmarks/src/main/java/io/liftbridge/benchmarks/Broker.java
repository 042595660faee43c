package io.liftbridge.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * The broker to measure against.
 *
 * @param seeds where it is
 */
record Broker(String seeds) implements AutoCloseable {

	static Broker of(@Nullable String seeds) {
		if (seeds == null) {
			throw new IllegalArgumentException("--seeds is missing; " + Options.USAGE);
		}
		return new Broker(seeds);
	}

	@Override
	public void close() {
	}

}
