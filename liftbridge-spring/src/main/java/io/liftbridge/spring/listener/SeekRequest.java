package io.liftbridge.spring.listener;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;

/**
 * A place that somebody wants a partition to be read on at.
 */
final class SeekRequest {

	private final SeekTo place;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private @Nullable StartPosition resolved;

	SeekRequest(SeekTo place) {
		this.place = place;
	}

	/** Completes when reading begins there. */
	CompletableFuture<Void> done() {
		return this.done;
	}

	/** The last one counts: whoever waits for an earlier one waits for it. */
	void replaces(@Nullable SeekRequest former) {
		if (former != null) {
			this.done.whenComplete((nothing, failure) -> former.done.complete(null));
		}
	}

	/** The same place in each attempt. */
	StartPosition resolve(long processed) {
		StartPosition known = this.resolved;
		if (known == null) {
			known = this.place.resolve(processed);
			this.resolved = known;
		}
		return known;
	}

}
