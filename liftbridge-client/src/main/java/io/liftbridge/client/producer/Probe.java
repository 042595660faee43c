package io.liftbridge.client.producer;

import org.jspecify.annotations.Nullable;

/**
 * After a pipe was opened only one message goes out until the broker has answered it: a
 * broker that has just started, or does not lead yet, silently loses messages, and what
 * follows would overtake them.
 */
final class Probe {

	private final Window window;

	private boolean active;

	private @Nullable Pending message;

	/** After a silence: messages below this number were sent and may be answered yet. */
	private long boundary = -1;

	Probe(Window window) {
		this.window = window;
	}

	/** Everything without an answer is to be sent again, the oldest first and alone. */
	void begin() {
		this.window.transmitAgain();
		this.active = true;
		this.message = null;
		this.boundary = -1;
	}

	/**
	 * Only the oldest is to be sent again: the answers to the others may just be late.
	 * Until that is clear nothing newer goes out.
	 * @return the oldest
	 */
	@Nullable Pending suspect() {
		this.boundary = this.window.transmitted();
		this.active = true;
		this.message = this.window.oldest();
		return this.message;
	}

	/** Whether the oldest was answered after a silence, but not all sent before it. */
	boolean isVerifying() {
		return this.active && this.message == null && this.boundary >= 0;
	}

	boolean isActive() {
		return this.active;
	}

	/** The next message to hand to the pipe, if one may go out now. */
	@Nullable Pending next() {
		if (!this.active) {
			return this.window.nextToTransmit();
		}
		if (this.message != null || this.boundary >= 0) {
			return null;
		}
		Pending next = this.window.nextToTransmit();
		if (next != null && next.acknowledged) {
			this.message = next;
		}
		return next;
	}

	/** Messages were answered. Returns whether the others may go out from now on. */
	boolean answered() {
		if (isGone()) {
			this.message = null;
			if (this.boundary < 0) {
				this.active = false;
				return true;
			}
		}
		if (isVerifying()) {
			Pending oldest = this.window.oldest();
			if (oldest == null || oldest.sequence >= this.boundary) {
				this.active = false;
				this.boundary = -1;
				return true;
			}
		}
		return false;
	}

	/** Messages were given up. Returns whether another one goes out alone. */
	boolean givenUp() {
		if (isGone()) {
			if (this.boundary >= 0) {
				begin();
			}
			this.message = null;
			return true;
		}
		return false;
	}

	private boolean isGone() {
		return this.message != null && this.window.get(this.message.sequence) == null;
	}

}
