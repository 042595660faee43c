package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

import io.liftbridge.spring.support.Acknowledgment;

/**
 * Stands where positions are stored without the listener's word.
 *
 * @param mode the ack mode
 */
record InertAcknowledgment(AckMode mode) implements CallAcknowledgment {

	@Override
	public void acknowledge() {
		// The mode decides.
	}

	@Override
	public void acknowledgeCumulative() {
		// The mode decides.
	}

	@Override
	public void acknowledge(int index) {
		// The mode decides.
	}

	@Override
	public void nack(Duration delay) {
		throw refused("nack(Duration)");
	}

	@Override
	public void nack(int index, Duration delay) {
		throw refused("nack(int, Duration)");
	}

	@Override
	public Acknowledgment element(int index) {
		return this;
	}

	private IllegalStateException refused(String call) {
		return new IllegalStateException(
				call + " needs ack mode MANUAL, and this listener has " + this.mode + ": set ackMode = 'MANUAL'.");
	}

	@Override
	public Outcome succeeded() {
		return Outcome.PROCESSED;
	}

	@Override
	public int failed() {
		return 0;
	}

}
