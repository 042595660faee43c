package io.liftbridge.spring.core;

import io.liftbridge.client.message.Ack;
import org.jspecify.annotations.Nullable;

/**
 * What became of one payload of many.
 *
 * @param index the payload's place in the source, from 0
 * @param payload the payload
 * @param ack where it is stored, {@code null} if it failed
 * @param failure why it failed: a
 * {@link io.liftbridge.client.message.LiftbridgeException} that tells what is known of
 * its effect, or what is wrong with the payload itself, which was not sent then;
 * {@code null} if it did not fail
 * @param <T> type of the payload
 */
public record SendResult<T>(long index, T payload, @Nullable Ack ack, @Nullable Throwable failure) {

	/**
	 * Whether the payload failed.
	 * @return whether it is not known to be stored
	 */
	public boolean isFailed() {
		return this.failure != null;
	}

}
