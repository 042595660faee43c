package io.liftbridge.client.producer;

import io.liftbridge.client.message.LiftbridgeException;

/**
 * Is told what one producer does. Called by many threads, senders and the network's among
 * them: must be quick and must not block. What it throws is logged once and harms nobody.
 */
public interface ProducerRecorder {

	/**
	 * Is told everything and does nothing.
	 */
	ProducerRecorder NONE = new ProducerRecorder() {
	};

	/**
	 * Messages were let in: each will be acknowledged or fail. Not told of duplicates by
	 * publishing id, which are not sent again; neither are {@link #acked} and
	 * {@link #ackLatency}.
	 * @param messages how many
	 */
	default void sent(int messages) {
	}

	/**
	 * Messages were acknowledged; with policy NONE: were handed to the network. Called
	 * once for a burst of them, before their futures complete.
	 * @param messages how many
	 */
	default void acked(int messages) {
	}

	/**
	 * A message of the user's own or a batch entry was acknowledged; a large message once
	 * for all its chunks. Not with policy NONE.
	 * @param nanos time from {@code send}, of the oldest record in an entry, to the
	 * acknowledgement, in nanoseconds
	 */
	default void ackLatency(long nanos) {
	}

	/**
	 * Messages failed, or were refused before they were sent. The latter are not among
	 * {@link #sent}.
	 * @param messages how many
	 * @param reason why
	 */
	default void failed(int messages, LiftbridgeException reason) {
	}

	/**
	 * A batch went on its way. Not called by producers that do not collect.
	 * @param messages how many it has
	 */
	default void batch(int messages) {
	}

	/**
	 * A value was compressed, or records were put into a batch entry, with compression or
	 * without.
	 * @param records how many records there are, 1 for a value
	 * @param bytes size before compression
	 * @param storedBytes size after it, the same if it was not compressed
	 */
	default void entry(int records, int bytes, int storedBytes) {
	}

	/**
	 * A sender has waited for room, whether it got it or not.
	 * @param nanos how long, in nanoseconds
	 */
	default void blocked(long nanos) {
	}

	/**
	 * The producer is closed. Nothing follows.
	 */
	default void closed() {
	}

}
