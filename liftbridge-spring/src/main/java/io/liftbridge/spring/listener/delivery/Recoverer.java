package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Takes care of a message that no listener could process. Must be safe for use by many
 * threads.
 */
@FunctionalInterface
public interface Recoverer {

	/**
	 * Takes care of a message.
	 * @param message the message as it was read
	 * @param failure why it is given up
	 * @return completes when it is safe, with the {@code Ack} of a dead letter if it is
	 * to be counted as one, with anything else if the message is passed over; fails if it
	 * has to be tried again
	 */
	CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure);

}
