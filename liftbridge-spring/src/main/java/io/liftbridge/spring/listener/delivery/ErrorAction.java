package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * What follows a failure.
 */
public sealed interface ErrorAction {

	/**
	 * Delivers the messages again.
	 * @param pause how long to wait before; only this partition waits
	 * @return the action
	 */
	static ErrorAction retry(Duration pause) {
		return new Retry(pause);
	}

	/**
	 * Hands the messages to {@link ErrorHandler#recover}, and goes on behind them when
	 * that has succeeded.
	 * @return the action
	 */
	static ErrorAction recover() {
		return new Recover();
	}

	/**
	 * Stops the container, which counts as failed then. The messages are delivered again
	 * after the next start.
	 * @return the action
	 */
	static ErrorAction stop() {
		return new Stop();
	}

	/**
	 * Delivers the messages again.
	 *
	 * @param pause how long to wait before
	 */
	record Retry(Duration pause) implements ErrorAction {
	}

	/**
	 * Recovers the messages and goes on.
	 */
	record Recover() implements ErrorAction {
	}

	/**
	 * Stops the container.
	 */
	record Stop() implements ErrorAction {
	}

}
