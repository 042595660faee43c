package io.liftbridge.client.producer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Is told the fate of each message, also of those whose future nobody keeps. Called on
 * the producer's completion thread.
 */
public interface ProducerListener {

	/**
	 * A listener that does nothing.
	 */
	ProducerListener NONE = new ProducerListener() {
	};

	/**
	 * A message was stored.
	 * @param message the message
	 * @param ack where and when
	 * @param nanos time from {@code send} to the acknowledgement, in nanoseconds
	 */
	default void onAck(Message message, Ack ack, long nanos) {
	}

	/**
	 * A message failed.
	 * @param message the message
	 * @param failure why, and what is known of its effect
	 */
	default void onFailure(Message message, LiftbridgeException failure) {
	}

}
