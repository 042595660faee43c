package io.liftbridge.client.group;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.LiftbridgeException;

/**
 * A place that the user wants to read on at.
 *
 * @param place where
 * @param done completes when reading begins there
 */
record Sought(StartPosition place, CompletableFuture<Void> done) {

	/** Somebody else has the partition. */
	void moved(Host reader, GroupPartition partition) {
		this.done.completeExceptionally(new LiftbridgeException(
				reader + " does not read " + partition + " any more: whoever does decides where."));
	}

}
