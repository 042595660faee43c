package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What the deliveries of one listener have in common.
 *
 * @param listenerId id of the listener
 * @param cursorId under which its positions are stored: what failed comes back to whoever
 * goes on there
 * @param listener the listener
 * @param ackMode when positions are stored
 * @param ackCount after how many messages, in ack mode {@code COUNT}
 * @param errorHandler decides about failures
 * @param metrics counts
 * @param pool runs the listener
 * @param timer begins what is due later; is not blocked
 * @param maxRecoveryPause longest pause between attempts to recover a message
 * @param shutdownTimeout how long a listener's future is waited for when stopping
 * @param stopper stops the container for a reason; must not block
 */
public record DeliveryContext(String listenerId, String cursorId, Listener listener, AckMode ackMode, int ackCount,
		ErrorHandler errorHandler, ListenerMetrics metrics, WorkerPool pool, ScheduledExecutorService timer,
		Duration maxRecoveryPause, Duration shutdownTimeout, Consumer<Throwable> stopper) {

	public DeliveryContext {
		metrics = GuardedMetrics.of(metrics);
	}

}
