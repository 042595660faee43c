package io.liftbridge.client.producer;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Where the requests of a bulk for one stream go.
 */
interface BulkOutlet {

	/**
	 * Sends. Never blocks. The result will be told, so that nobody needs to be warned.
	 * @throws LiftbridgeException if the message is refused
	 */
	CompletableFuture<Ack> send(Message message);

	/** The result of a message that was sent or refused has been read. */
	void taken(@Nullable LiftbridgeException failure);

}
