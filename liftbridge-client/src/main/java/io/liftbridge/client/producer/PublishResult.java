package io.liftbridge.client.producer;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request of a bulk: it was acknowledged, or it failed, or it was sent
 * and its acknowledgement was not awaited.
 *
 * @param index the request's place in the source, from 0
 * @param request the request
 * @param ack where it is stored, {@code null} if it failed or was not awaited; its offset
 * is -1 with policy NONE
 * @param failure why it failed, and what is known of its effect; {@code null} if it did
 * not
 * @param <R> type of the requests
 */
public record PublishResult<R>(long index, R request, @Nullable Ack ack, @Nullable LiftbridgeException failure) {

	/**
	 * Whether the request was acknowledged. With policy NONE: whether it was handed to
	 * the network.
	 * @return whether it was
	 */
	public boolean isAcked() {
		return this.ack != null;
	}

	/**
	 * Whether the request failed.
	 * @return whether it did
	 */
	public boolean isFailed() {
		return this.failure != null;
	}

}
