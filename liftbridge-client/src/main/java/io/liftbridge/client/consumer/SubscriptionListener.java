package io.liftbridge.client.consumer;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import org.slf4j.LoggerFactory;

/**
 * Is told how a subscription fares, in order, one call at a time for one subscription, on
 * a thread of the client that neither receives nor runs the handler. One that blocks
 * delays only what it and the futures of its subscription are told; what it throws is
 * logged.
 */
public interface SubscriptionListener {

	/** A listener that does nothing. */
	SubscriptionListener NONE = new SubscriptionListener() {
	};

	/**
	 * A broker has accepted the subscription, at first or again after an interruption.
	 * @param subscription the subscription
	 * @param broker the broker's id or address
	 */
	default void onLive(Subscription subscription, String broker) {
	}

	/**
	 * The connection was lost, the leader changed or cannot be found. The subscription
	 * goes on by itself.
	 * @param subscription the subscription
	 * @param reason why
	 * @param attempt how many attempts failed since the subscription was last live,
	 * counted from 1
	 */
	default void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
	}

	/**
	 * A position could not be stored in the subscription's cursor. It is tried again as
	 * long as the subscription is open; what is not stored at the end is delivered again
	 * to whoever reads on.
	 * @param subscription the subscription
	 * @param reason why
	 */
	default void onCursorFailure(Subscription subscription, LiftbridgeException reason) {
	}

	/**
	 * A message could not be unpacked, and is passed over. Logs at WARN by default, with
	 * stream, partition, offset and reason.
	 * @param subscription the subscription
	 * @param malformed what is wrong, with the message as it is stored
	 */
	default void onMalformed(Subscription subscription, MalformedEntryException malformed) {
		LoggerFactory.getLogger(SubscriptionListener.class).warn("{} It is passed over.", malformed.getMessage());
	}

	/**
	 * The subscription ended without a failure.
	 * @param subscription the subscription
	 * @param reason why
	 */
	default void onEnd(Subscription subscription, EndReason reason) {
	}

	/**
	 * The subscription failed for good. Without a listener, and if nobody asks for
	 * {@link Subscription#ended()}, it is logged as an error.
	 * @param subscription the subscription
	 * @param failure why
	 */
	default void onFailure(Subscription subscription, Throwable failure) {
	}

}
