package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * What the deliveries of one listener have in common.
 *
 * @param listenerId id of the listener
 * @param listener the listener
 * @param ackMode when positions are stored
 * @param errorHandler decides about failures
 * @param metrics counts
 * @param pool runs the listener
 * @param maxRecoveryPause longest pause between attempts to recover a message
 * @param shutdownTimeout how long a listener's future is waited for when stopping
 */
public record DeliveryContext(String listenerId, Listener listener, AckMode ackMode, ErrorHandler errorHandler,
		ListenerMetrics metrics, WorkerPool pool, Duration maxRecoveryPause, Duration shutdownTimeout) {

	public DeliveryContext {
		metrics = GuardedMetrics.of(metrics);
	}

}
