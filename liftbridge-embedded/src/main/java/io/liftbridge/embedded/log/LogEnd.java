package io.liftbridge.embedded.log;

/**
 * Why a reader gets no more messages.
 */
public enum LogEnd {

	/** Everything was read and the log takes no more messages. */
	READONLY,

	/** The log was closed because its partition was paused. */
	CLOSED,

	/** The log was deleted. */
	DELETED,

	/** A reader from new to old has passed the oldest message. */
	START_OF_LOG

}
