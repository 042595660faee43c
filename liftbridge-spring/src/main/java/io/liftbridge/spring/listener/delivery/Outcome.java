package io.liftbridge.spring.listener.delivery;

import java.time.Duration;

/**
 * How a call of the listener went.
 */
sealed interface Outcome {

	/** It has succeeded. */
	Outcome PROCESSED = new Processed();

	/** It has succeeded. */
	record Processed() implements Outcome {
	}

	/**
	 * It has failed.
	 *
	 * @param cause why
	 * @param acknowledged how many of the first elements of a batch count nevertheless
	 */
	record Failed(Throwable cause, int acknowledged) implements Outcome {
	}

	/**
	 * The listener wants messages again.
	 *
	 * @param index the first of them, 0 unless there are several
	 * @param delay after which time
	 */
	record Nacked(int index, Duration delay) implements Outcome {
	}

}
