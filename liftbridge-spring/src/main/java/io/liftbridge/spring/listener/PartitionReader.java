package io.liftbridge.spring.listener;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.spring.support.SeekTo;

/**
 * A partition that is read, from a start of the container to its stop or as long as a
 * group leaves it to this one. Safe for use by many threads.
 */
interface PartitionReader {

	/** What its messages go through. */
	PartitionWork work();

	default String stream() {
		return work().stream();
	}

	default int partition() {
		return work().partition();
	}

	/** Asks the leader for the newest offset, without waiting for it. */
	default void look() {
		work().look(this);
	}

	default boolean isRunByCurrentThread() {
		return work().delivery().isRunByCurrentThread();
	}

	default PartitionStatus status() {
		return work().status();
	}

	/** Whether messages have arrived that are not due yet. */
	default boolean isHolding() {
		return work().delivery().isHolding();
	}

	/** Stops or goes on asking for messages, as the container says. */
	void applyPause();

	/**
	 * Reads on elsewhere once the listener has finished the message it is at.
	 * @return completes when it does; exceptionally if the partition is given up before
	 */
	CompletableFuture<Void> seek(SeekTo place);

	/** Finds anew where to go on. */
	void restart();

}
