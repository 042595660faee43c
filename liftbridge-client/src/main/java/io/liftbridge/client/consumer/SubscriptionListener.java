package io.liftbridge.client.consumer;

import io.liftbridge.client.message.LiftbridgeException;

/**
 * Is told how a subscription fares. Called on the client's own threads: must not block.
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
	 * The subscription ended without a failure.
	 * @param subscription the subscription
	 * @param reason why
	 */
	default void onEnd(Subscription subscription, EndReason reason) {
	}

	/**
	 * The subscription failed for good.
	 * @param subscription the subscription
	 * @param failure why
	 */
	default void onFailure(Subscription subscription, Throwable failure) {
	}

}
