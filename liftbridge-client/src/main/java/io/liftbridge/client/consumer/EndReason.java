package io.liftbridge.client.consumer;

/**
 * Why a subscription ended without a failure.
 */
public enum EndReason {

	/** It was closed. */
	CLOSED,

	/** The stop position was reached. */
	STOP_REACHED,

	/** The partition is read-only and everything in it was delivered. */
	END_OF_PARTITION,

	/** It was read in reverse, and the oldest message was delivered. */
	BEGINNING_OF_PARTITION,

	/** Another member of its consumer group took the partition over. */
	DISPLACED

}
