package io.liftbridge.client.consumer;

import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Receives messages one by one, in the order of their offsets, never two at a time for
 * one subscription.
 */
@FunctionalInterface
public interface MessageHandler {

	/**
	 * Takes a message. May block: other subscriptions are not disturbed, and at most the
	 * prefetch waits in memory.
	 * @param message the message
	 * @throws Exception ends the subscription with this failure: neither this message nor
	 * one behind it is delivered any more, and {@link Subscription#lastDelivered()} stays
	 * at this message. Who wants it again subscribes from that offset, who wants to skip
	 * it from the one behind.
	 */
	void onMessage(ReceivedMessage<byte[]> message) throws Exception;

	/**
	 * Learns that the messages up to an offset were filtered out, as who keeps a position
	 * may want to go beyond them. Called after the messages before them were handled.
	 * Does nothing by default.
	 * @param offset offset of the last message that was filtered out
	 * @throws Exception ends the subscription with this failure
	 */
	default void onFilteredOut(long offset) throws Exception {
		// Who keeps no position need not know.
	}

	/**
	 * Learns that a message could not be unpacked, in its turn: after the messages before
	 * it, and before those behind it. The subscription goes on with the next one.
	 * @param malformed what is wrong, with the message as it is stored
	 * @return whether this handler has taken care of it; {@code false}, the default,
	 * leaves that to {@link SubscriptionListener#onMalformed}
	 * @throws Exception ends the subscription with this failure
	 */
	default boolean onMalformed(MalformedEntryException malformed) throws Exception {
		return false;
	}

}
