package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.spring.support.SeekTo;

/**
 * What a listener may ask of its container. Safe for use by many threads; nothing here
 * blocks.
 */
public interface ListenerControl {

	/** Pauses the whole listener. */
	void pause();

	/** Goes on, except with partitions that are paused by themselves. */
	void resume();

	/**
	 * Pauses one partition.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	void pause(String stream, int partition);

	/**
	 * Goes on with one partition, unless the whole listener is paused.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	void resume(String stream, int partition);

	/**
	 * Tells whether a partition is paused.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @return whether it is, by itself or with the listener
	 */
	boolean isPaused(String stream, int partition);

	/**
	 * Tells whether nothing is paused. Asked before each message, as it is cheaper than
	 * to find out which partition one belongs to.
	 * @return {@code true} if no partition is; {@code false} if one may be
	 */
	default boolean isNonePaused() {
		return false;
	}

	/**
	 * Reads a partition on elsewhere.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param place where to go on
	 * @return completes when reading begins there
	 */
	CompletableFuture<Void> seek(String stream, int partition, SeekTo place);

}
