package io.liftbridge.client.producer;

/**
 * What an idempotent lane is about.
 */
enum LaneState {

	/** Without a pipe, and nothing to do. */
	IDLE,

	/** Finds out whether the stream has concurrency control. */
	PROBING,

	/** Messages go out. */
	FLOWING,

	/** Nothing goes out, answers are waited for. */
	DRAINING,

	/** Without a pipe, finds out what is stored. */
	SETTLING

}
