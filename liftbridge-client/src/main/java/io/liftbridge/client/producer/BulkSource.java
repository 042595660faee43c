package io.liftbridge.client.producer;

/**
 * Where the requests of a bulk come from.
 *
 * @param <R> type of the requests
 */
interface BulkSource<R> {

	/**
	 * Begins.
	 * @param onChange is called when something was added that nobody asked for in this
	 * moment, or at the end
	 */
	void start(BulkQueue<R> queue, Runnable onChange);

	/** Adds requests for which there is room, or asks for them. */
	void more();

	/** Wants nothing more. */
	void close();

}
