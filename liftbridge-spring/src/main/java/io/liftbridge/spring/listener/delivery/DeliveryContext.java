package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * What the deliveries of one listener have in common.
 *
 * @param listenerId id of the listener
 * @param cursorId under which its positions are stored: what failed comes back to whoever
 * goes on there
 * @param listener the listener
 * @param ackMode when positions are stored
 * @param ackCount after how many messages, in ack mode {@code COUNT}
 * @param maxUnacknowledged how many messages of a partition may wait to be acknowledged,
 * in ack mode {@code MANUAL}; 0 for any number
 * @param errorHandler decides about failures
 * @param metrics counts
 * @param pool runs the listener
 * @param timer begins what is due later; is not blocked
 * @param maxRecoveryPause longest pause between attempts to recover a message
 * @param shutdownTimeout how long a listener's future is waited for when stopping
 * @param stopper stops the container for a reason; must not block
 * @param control pauses the listener, tells whether it is paused, and reads elsewhere
 */
public record DeliveryContext(String listenerId, String cursorId, Listener listener, AckMode ackMode, int ackCount,
		int maxUnacknowledged, ErrorHandler errorHandler, ListenerMetrics metrics, WorkerPool pool,
		ScheduledExecutorService timer, Duration maxRecoveryPause, Duration shutdownTimeout,
		Consumer<Throwable> stopper, ListenerControl control) {

	public DeliveryContext {
		metrics = GuardedMetrics.of(metrics);
	}

	/** Whether a message is not to be delivered, nor one that it comes back for. */
	boolean isPaused(ReceivedMessage<byte[]> message) {
		if (this.control.isNonePaused()) {
			return false;
		}
		if (this.control.isPaused(message.stream(), message.partition())) {
			return true;
		}
		if (!Redelivery.isRedelivered(message)) {
			return false;
		}
		ReceivedMessage<byte[]> original = Redelivery.original(message);
		return this.control.isPaused(original.stream(), original.partition());
	}

}
