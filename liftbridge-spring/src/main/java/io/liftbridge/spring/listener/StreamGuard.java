package io.liftbridge.spring.listener;

import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.message.LiftbridgeException;

/**
 * Notices that a stream has become another one during an interruption, before anything of
 * that is delivered.
 */
final class StreamGuard {

	private final StartFinder starts;

	private final String stream;

	private final int partition;

	/** Counts the interruptions, after each of which the stream may be another one. */
	private final AtomicInteger interruptions = new AtomicInteger();

	private volatile int checked;

	StreamGuard(StartFinder starts, String stream, int partition) {
		this.starts = starts;
		this.stream = stream;
		this.partition = partition;
	}

	void interrupted() {
		this.interruptions.incrementAndGet();
	}

	/** Whether it has to be looked at. */
	boolean isDue() {
		return this.checked != this.interruptions.get();
	}

	/** It was just found out which stream it is. */
	void known() {
		this.checked = this.interruptions.get();
	}

	/**
	 * Asks the brokers, if that is necessary.
	 * @return whether it is still the same stream
	 */
	boolean isSame() {
		int count = this.interruptions.get();
		if (this.checked != count) {
			if (!this.starts.isSame()) {
				return false;
			}
			this.checked = count;
		}
		return true;
	}

	LiftbridgeException anotherStream() {
		return new LiftbridgeException(
				"stream '" + this.stream + "' was created anew while the connection was lost; partition "
						+ this.partition + " is not read on, but from its beginning.");
	}

}
