package io.liftbridge.spring.support;

/**
 * Tells a listener where it is at work: a parameter of listener methods, for single
 * messages and for batches. Valid while the listener runs; what it tells does not change.
 * Safe for use by many threads.
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

}
