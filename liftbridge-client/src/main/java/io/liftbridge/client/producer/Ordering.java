package io.liftbridge.client.producer;

/**
 * Whether messages may overtake each other on their way to the server.
 */
public enum Ordering {

	/**
	 * Messages to a partition are handed to the server in the order of the calls. A
	 * message that has to wait holds up those behind it.
	 */
	STRICT,

	/**
	 * A message that has to wait, for its validation or for room, may be overtaken by
	 * later ones.
	 */
	LOOSE

}
