package io.liftbridge.client.consumer;

import java.util.List;

import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Receives what has arrived since the last call, in the order of the offsets, never two
 * calls at a time for one subscription.
 */
@FunctionalInterface
public interface BatchHandler {

	/**
	 * Takes messages. May block: other subscriptions are not disturbed, and at most the
	 * prefetch waits in memory.
	 * @param messages at least one message; the list is the handler's own
	 * @throws Exception ends the subscription with this failure: nothing is delivered any
	 * more, and {@link Subscription#lastDelivered()} stays at the last message of this
	 * list, however many of them were worked on
	 */
	void onMessages(List<ReceivedMessage<byte[]>> messages) throws Exception;

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
