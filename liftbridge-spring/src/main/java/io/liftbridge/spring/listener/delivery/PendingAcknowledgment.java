package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.atomic.AtomicReference;

import io.liftbridge.spring.support.Acknowledgment;

/**
 * An acknowledgment that waits for its listener: what a listener acknowledges before it
 * fails must not count.
 */
final class PendingAcknowledgment implements Acknowledgment {

	private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

	private final Runnable action;

	PendingAcknowledgment(Runnable action) {
		this.action = action;
	}

	@Override
	public void acknowledge() {
		if (!this.state.compareAndSet(State.OPEN, State.REQUESTED)
				&& this.state.compareAndSet(State.SUCCEEDED, State.DONE)) {
			this.action.run();
		}
	}

	/** The listener has succeeded. */
	void succeeded() {
		if (!this.state.compareAndSet(State.OPEN, State.SUCCEEDED)
				&& this.state.compareAndSet(State.REQUESTED, State.DONE)) {
			this.action.run();
		}
	}

	/** The listener has failed. */
	void failed() {
		this.state.set(State.DONE);
	}

	private enum State {

		OPEN, REQUESTED, SUCCEEDED, DONE

	}

}
