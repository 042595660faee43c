package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * Is told how the delivery of a partition fares. Must be safe for use by many threads and
 * must not block.
 */
public interface DeliveryMonitor {

	/**
	 * Messages will be delivered again.
	 * @param failure the messages and what went wrong
	 * @param pause after which time
	 */
	void retrying(ListenerFailure failure, Duration pause);

	/**
	 * A message that was given up is not in safety yet.
	 * @param failure the messages and what went wrong
	 * @param problem why the error handler failed
	 */
	void recovering(ListenerFailure failure, Throwable problem);

	/**
	 * A listener has returned what cannot be sent yet. The partition waits.
	 * @param reason why, in one line
	 */
	void replying(String reason);

	/**
	 * Delivery goes on as usual.
	 */
	void delivering();

	/**
	 * The position could not be stored. It is tried again.
	 * @param reason why, in one line
	 */
	void cursorFailed(String reason);

	/**
	 * The position could be stored again.
	 */
	void cursorStored();

}
