package io.liftbridge.client.producer;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;

/**
 * Where the requests of a bulk go.
 *
 * @param <R> type of the requests
 */
interface BulkTarget<R> {

	Message message(R request);

	/**
	 * Finds the stream's outlet. Called by one thread at a time.
	 * @throws LiftbridgeException if there can be none
	 */
	BulkOutlet outlet(R request);

	/**
	 * Whether anything can be sent.
	 * @throws LiftbridgeException if client or producer are closed
	 */
	void checkOpen();

	/** Nothing more is sent. What was sent before goes on its way. */
	void close();

}
