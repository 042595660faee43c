package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Receives messages of one partition in lists, in order and never two lists of a
 * partition at a time. Must be safe for use by several threads if it reads several
 * partitions.
 */
public non-sealed interface BatchListener extends Listener {

	/**
	 * Prepares a message, for instance converts it. A message that fails here goes its
	 * own way; the batch is delivered without it.
	 * @param message the message
	 * @return what {@link #onBatch} receives for it; by default the message itself;
	 * {@code null} to leave it out, so that it counts as processed
	 * @throws Exception if it failed: the error handler decides what follows
	 */
	default @Nullable Object prepare(ReceivedMessage<byte[]> message) throws Exception {
		return message;
	}

	/**
	 * Processes a batch. May block.
	 * @param batch what was prepared, at least one element
	 * @param acknowledgment for ack mode {@code MANUAL}
	 * @return {@code null} if it is processed, or a future that completes when it is
	 * @throws BatchListenerFailedException if one element failed, and those before it are
	 * processed
	 * @throws Exception if all of it failed: the error handler decides what follows
	 */
	@Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment) throws Exception;

	/**
	 * Processes a batch, for listeners that want to know more about its delivery. This is
	 * what the container calls.
	 * @param batch what was prepared, at least one element
	 * @param acknowledgment for ack mode {@code MANUAL}
	 * @param context where the listener is at work, and in which attempt
	 * @return as {@link #onBatch(List, Acknowledgment)}, which is called by default
	 * @throws BatchListenerFailedException if one element failed, and those before it are
	 * processed
	 * @throws Exception if all of it failed: the error handler decides what follows
	 */
	default @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment,
			ListenerContext context) throws Exception {
		return onBatch(batch, acknowledgment);
	}

}
