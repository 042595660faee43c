package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

/**
 * Takes the messages of a partition to the server.
 */
interface Carrier {

	/** The message is on its way. It has entered the gate. */
	void send(Pending pending);

	/** Completes once everything that was sent before is decided. */
	CompletableFuture<Void> flushed();

	/** Fails what has no answer. Completes once all calls have ended. */
	CompletableFuture<Void> close();

}
