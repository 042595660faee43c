package io.liftbridge.spring.support;

import java.time.Duration;

/**
 * Lets a listener say what it has processed, in ack mode {@code MANUAL}. Safe for use by
 * many threads; acknowledging is possible after the listener has returned, too.
 * <p>
 * The stored position moves over messages that are all acknowledged: acknowledging one
 * before another one that came earlier skips nothing, the position waits for that one.
 * What is not acknowledged is delivered again after a restart, with everything behind it.
 * Each message that waits to be acknowledged, or waits for one before it, takes some
 * memory.
 */
@FunctionalInterface
public interface Acknowledgment {

	/**
	 * Acknowledges this message, or this batch. The position is stored in the background.
	 * While the listener runs, and until its replies are stored, this takes no effect
	 * yet: a listener that then fails has acknowledged nothing. In other ack modes this
	 * does nothing. The second call is free.
	 * @throws IllegalStateException if the message was given back with {@code nack}
	 */
	void acknowledge();

	/**
	 * Acknowledges this message or this batch, and everything of the same partition that
	 * was delivered before. Otherwise as {@link #acknowledge()}.
	 * @throws IllegalStateException if the message was given back with {@code nack}
	 */
	default void acknowledgeCumulative() {
		throw unsupported("acknowledgeCumulative()");
	}

	/**
	 * Acknowledges the first elements of a batch, at once: if the listener fails after
	 * this, only what is behind comes again.
	 * @param index place of the last one of them in the list that the listener received,
	 * counted from 0
	 * @throws IllegalStateException if the listener receives single messages, or the
	 * element was given back with {@code nack}
	 * @throws IllegalArgumentException if there is no such element
	 */
	default void acknowledge(int index) {
		throw unsupported("acknowledge(int)");
	}

	/**
	 * Gives this message back: it is delivered again after a pause, and what is behind it
	 * in the same partition waits. Other partitions go on. This is no failure: the error
	 * handler is not asked, and there is no limit. If the listener fails after this, the
	 * failure counts.
	 * @param delay how long to wait, zero for no pause, at most a day
	 * @throws IllegalStateException if the listener receives batches, has returned, or
	 * has acknowledged the message
	 * @throws IllegalArgumentException if the delay is negative or longer than a day
	 */
	default void nack(Duration delay) {
		throw unsupported("nack(Duration)");
	}

	/**
	 * Acknowledges what is before an element of a batch, and gives the rest back, to be
	 * delivered again after a pause. Otherwise as {@link #nack(Duration)}.
	 * @param index place of the first element to come again, counted from 0
	 * @param delay how long to wait, zero for no pause, at most a day
	 * @throws IllegalStateException if the listener receives single messages, has
	 * returned, or has acknowledged the element
	 * @throws IllegalArgumentException if there is no such element, or the delay is
	 * negative or longer than a day
	 */
	default void nack(int index, Duration delay) {
		throw unsupported("nack(int, Duration)");
	}

	/**
	 * Gives the acknowledgment of one element of a batch. It acknowledges that element
	 * alone, and {@code nack(delay)} gives it back with those behind it. As with
	 * {@link #acknowledge()}, elements count once the listener has succeeded, or at once
	 * if it has: if it fails, all of the batch comes again. Elements that are
	 * {@code Message} carry it as their header {@link LiftbridgeHeaders#ACKNOWLEDGMENT}.
	 * @param index place of the element, counted from 0
	 * @return its acknowledgment
	 * @throws IllegalStateException if the listener receives single messages
	 * @throws IllegalArgumentException if there is no such element
	 */
	default Acknowledgment element(int index) {
		throw unsupported("element(int)");
	}

	private static IllegalStateException unsupported(String call) {
		return new IllegalStateException(call + " is not possible with this acknowledgment.");
	}

}
