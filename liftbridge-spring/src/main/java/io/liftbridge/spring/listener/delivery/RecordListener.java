package io.liftbridge.spring.listener.delivery;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.ListenerContext;
import org.jspecify.annotations.Nullable;

/**
 * Receives messages one by one, those of a partition in order and never two at a time.
 * Must be safe for use by several threads if it reads several partitions.
 */
@FunctionalInterface
public non-sealed interface RecordListener extends Listener {

	/**
	 * Processes a message. May block.
	 * @param message the message
	 * @param ack for ack mode {@code MANUAL}
	 * @return {@code null} if it is processed, or a future that completes when it is; the
	 * next message of the partition waits for that
	 * @throws Exception if it failed: the error handler decides what follows
	 */
	@Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack) throws Exception;

	/**
	 * Processes a message, for listeners that want to know more about its delivery. This
	 * is what the container calls.
	 * @param message the message
	 * @param ack for ack mode {@code MANUAL}
	 * @param context where the listener is at work, and in which attempt
	 * @return as {@link #onMessage(ReceivedMessage, Acknowledgment)}, which is called by
	 * default
	 * @throws Exception if it failed: the error handler decides what follows
	 */
	default @Nullable CompletableFuture<?> onMessage(ReceivedMessage<byte[]> message, Acknowledgment ack,
			ListenerContext context) throws Exception {
		return onMessage(message, ack);
	}

}
