package io.liftbridge.spring.support;

import java.util.concurrent.CompletableFuture;

/**
 * Tells a listener where it is at work, and lets it pause or read elsewhere: a parameter
 * of listener methods, for single messages and for batches. What it tells does not
 * change; it may be kept, for instance to resume later. Safe for use by many threads;
 * nothing here blocks.
 */
public interface ListenerContext {

	/**
	 * Tells which listener is called.
	 * @return the listener's id
	 */
	String listenerId();

	/**
	 * Tells which stream the message, or the batch, comes from.
	 * @return the stream's name
	 */
	String stream();

	/**
	 * Tells which partition the message, or the batch, comes from.
	 * @return the partition's number
	 */
	int partition();

	/**
	 * Counts how often the message, or the first one of the batch, has been delivered
	 * since this listener was started. Deliveries before a restart or by another process
	 * are not known.
	 * @return 1 for the first time
	 */
	int attempt();

	/**
	 * Pauses the whole listener in this application: once the messages at hand are
	 * finished nothing more is delivered, until somebody resumes it. No thread waits.
	 */
	void pause();

	/**
	 * Goes on after {@link #pause()}, except with partitions that are paused by
	 * themselves.
	 */
	void resume();

	/**
	 * Pauses this partition, as {@link #pause()} does. A message of it that comes again
	 * over a retry stream waits, too.
	 */
	void pausePartition();

	/**
	 * Goes on with this partition, unless the whole listener is paused.
	 */
	void resumePartition();

	/**
	 * Tells whether this partition is paused.
	 * @return whether it is, by itself or with the whole listener
	 */
	boolean isPaused();

	/**
	 * Reads this partition on elsewhere, also backwards, once the listener has returned;
	 * the rest of what was fetched is not delivered, and the stored position follows.
	 * @param place where to go on
	 * @return completes when reading begins there, for which the listener must not wait;
	 * exceptionally if the partition is given up before
	 */
	CompletableFuture<Void> seek(SeekTo place);

}
