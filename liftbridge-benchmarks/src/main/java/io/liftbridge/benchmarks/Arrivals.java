package io.liftbridge.benchmarks;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * Messages that arrive on one thread at a time. The first ones may be left out, so that
 * what is measured is a message and not the start of whoever reads it.
 */
final class Arrivals {

	private final CompletableFuture<Meter> done = new CompletableFuture<>();

	private final int first;

	private final int last;

	private @Nullable Meter meter;

	private int got;

	Arrivals(Options options) {
		this.first = options.unmeasured();
		this.last = options.n();
		if (this.first == 0) {
			this.meter = new Meter();
		}
	}

	void next() {
		int count = ++this.got;
		if (count == this.first) {
			this.meter = new Meter();
		}
		if (count == this.last && this.meter != null) {
			this.done.complete(this.meter);
		}
	}

	void fail(Throwable failure) {
		this.done.completeExceptionally(failure);
	}

	/** Waits for the last one. */
	Sample await() throws Exception {
		return this.done.get().stop(this.last - this.first);
	}

}
