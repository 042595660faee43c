package io.liftbridge.spring.core;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Is told the fate of each message that is sent to a stream with a
 * {@link ProducerFactory}, replies and dead letters included, also of those whose future
 * nobody keeps. Must be safe for use by many threads and must not block.
 */
public interface SendListener {

	/** A listener that does nothing. */
	SendListener NONE = new SendListener() {
	};

	/**
	 * A message is about to be sent. Called by the sending thread. What follows is
	 * exactly one of {@link #acked} and {@link #failed}.
	 * @param stream the stream's name
	 * @param message the message
	 */
	default void sent(String stream, Message message) {
	}

	/**
	 * A message was stored.
	 * @param stream the stream's name
	 * @param message the message
	 * @param ack where and when
	 * @param nanos time from sending to the acknowledgement, in nanoseconds
	 */
	default void acked(String stream, Message message, Ack ack, long nanos) {
	}

	/**
	 * A message failed.
	 * @param stream the stream's name
	 * @param message the message
	 * @param failure why, and what is known of its effect
	 */
	default void failed(String stream, Message message, LiftbridgeException failure) {
	}

}
