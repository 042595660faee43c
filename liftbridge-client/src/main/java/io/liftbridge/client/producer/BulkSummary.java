package io.liftbridge.client.producer;

import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;

/**
 * What became of a bulk as a whole.
 *
 * @param requests how many requests the source gave
 * @param acked how many were acknowledged
 * @param failed how many failed
 * @param notAwaited how many were sent without their acknowledgement being awaited
 * @param firstFailure why the first one failed, {@code null} if none did
 */
public record BulkSummary(long requests, long acked, long failed, long notAwaited,
		@Nullable LiftbridgeException firstFailure) {
}
