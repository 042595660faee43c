package io.liftbridge.client.message;

/**
 * When the server acknowledges a message.
 */
public enum AckPolicy {

	/** Once the leader of the partition has written it. The default. */
	LEADER,

	/**
	 * Once all in-sync replicas have written it: it then survives the loss of the leader.
	 */
	ALL,

	/**
	 * Never. Nothing tells whether the message was stored, and a lost connection loses
	 * what was on its way.
	 */
	NONE

}
