package io.liftbridge.spring.listener.delivery;

/**
 * When a listener's position is stored in its cursor. Positions are written in the
 * background and never run ahead of what is processed: after a crash the last messages
 * may be delivered again, none is skipped.
 */
public enum AckMode {

	/**
	 * After each message, or after each call of a batch listener. Writes are bundled:
	 * after a crash those of the last moment come again. The default.
	 */
	RECORD,

	/**
	 * After all messages that were fetched together, or after each call of a batch
	 * listener: fewer writes, more repetition after a crash.
	 */
	BATCH,

	/**
	 * After as many processed messages as the container's {@code ackCount} says, and when
	 * the container stops. After a crash as many as that may come again; with a batch
	 * listener, also those of one call.
	 */
	COUNT,

	/**
	 * At most once in the time that the container's {@code ackInterval} says, and when
	 * the container stops. After a crash the messages of that time come again.
	 */
	TIME,

	/**
	 * When the listener calls
	 * {@link io.liftbridge.spring.support.Acknowledgment#acknowledge()}. What is not
	 * acknowledged is delivered again after a restart, with everything behind it.
	 */
	MANUAL,

	/**
	 * Never: there is no cursor, and each start begins at the start position.
	 */
	NONE

}
