package io.liftbridge.spring.listener.delivery;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps failures of what counts away from what is counted: otherwise a message would be
 * delivered again although it was processed.
 *
 * @param delegate counts
 */
record GuardedMetrics(ListenerMetrics delegate) implements ListenerMetrics {

	private static final Logger logger = LoggerFactory.getLogger(GuardedMetrics.class);

	static ListenerMetrics of(ListenerMetrics metrics) {
		return (metrics == NONE || metrics instanceof GuardedMetrics) ? metrics : new GuardedMetrics(metrics);
	}

	@Override
	public void received(String listener, String stream, int messages) {
		guard(() -> this.delegate.received(listener, stream, messages));
	}

	@Override
	public void processed(String listener, String stream, int messages, long nanos) {
		guard(() -> this.delegate.processed(listener, stream, messages, nanos));
	}

	@Override
	public void failed(String listener, String stream, Throwable cause) {
		guard(() -> this.delegate.failed(listener, stream, cause));
	}

	@Override
	public void retried(String listener, String stream) {
		guard(() -> this.delegate.retried(listener, stream));
	}

	@Override
	public void deadLettered(String listener, String stream) {
		guard(() -> this.delegate.deadLettered(listener, stream));
	}

	@Override
	public void passedOver(String listener, String stream) {
		guard(() -> this.delegate.passedOver(listener, stream));
	}

	private void guard(Runnable call) {
		try {
			call.run();
		}
		catch (RuntimeException ex) {
			logger.warn("Listener metrics {} failed", this.delegate, ex);
		}
	}

}
