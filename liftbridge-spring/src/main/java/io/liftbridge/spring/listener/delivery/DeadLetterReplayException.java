package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.message.LiftbridgeException;

/**
 * A dead letter could not be put back. Those before it were: another run goes on where
 * this one has ended.
 */
public class DeadLetterReplayException extends LiftbridgeException {

	private static final long serialVersionUID = 1L;

	private final transient ReplayResult result;

	/**
	 * Creates it.
	 * @param message what happened
	 * @param cause why
	 * @param result what was done until then
	 */
	public DeadLetterReplayException(String message, Throwable cause, ReplayResult result) {
		super(message, cause, Outcome.REFUSED);
		this.result = result;
	}

	/**
	 * Tells what was done until then.
	 * @return the counts
	 */
	public ReplayResult getResult() {
		return this.result;
	}

}
