package io.liftbridge.spring.listener;

/**
 * How the delivery of a partition fares.
 */
public enum PartitionState {

	/** It is being prepared for the first time. */
	STARTING(false),

	/** Messages are delivered. */
	LIVE(false),

	/** Somebody has paused the listener, or the partition, in this application. */
	PAUSED(false),

	/** The last message failed and will be delivered again after a pause. */
	RETRYING(false),

	/** A message that was given up could not be put in safety yet. */
	RECOVERING(true),

	/**
	 * What the listener has returned cannot be sent yet: its stream does not exist, or no
	 * broker is there. The message counts as processed only when it is sent.
	 */
	REPLYING(true),

	/** It could not begin: no broker, no stream, no cursor. It keeps trying. */
	WAITING(true),

	/** It has lost its broker and is looking for it, or for another one. */
	INTERRUPTED(true),

	/** The partition is read-only and everything in it was delivered. */
	ENDED(false),

	/** It delivers nothing. */
	STOPPED(false);

	private final boolean down;

	PartitionState(boolean down) {
		this.down = down;
	}

	/**
	 * Tells whether something is wrong that somebody should look at.
	 * @return whether messages cannot be delivered for a reason outside the listener
	 */
	public boolean isDown() {
		return this.down;
	}

}
