package io.liftbridge.spring.sink;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;

/**
 * A message in memory.
 *
 * @param message the message
 * @param bytes what it takes, about
 * @param arrivedNanos when it came, by {@link System#nanoTime()}
 * @param acknowledgment to be called once it is written, {@code null} if that of a later
 * message covers it
 */
record Buffered(ReceivedMessage<byte[]> message, long bytes, long arrivedNanos,
		@Nullable Acknowledgment acknowledgment) {

	/** What an object and its references take, about. */
	private static final int OVERHEAD = 200;

	static long bytes(ReceivedMessage<byte[]> message) {
		byte[] key = message.key();
		return (long) message.value().length + ((key != null) ? key.length : 0) + OVERHEAD;
	}

}
