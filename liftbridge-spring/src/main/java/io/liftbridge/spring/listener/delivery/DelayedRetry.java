package io.liftbridge.spring.listener.delivery;

import java.time.Instant;

import io.liftbridge.client.message.Ack;

/**
 * A message that was put on a retry stream.
 *
 * @param ack where it is
 * @param due when it is delivered again
 */
record DelayedRetry(Ack ack, Instant due) {

}
