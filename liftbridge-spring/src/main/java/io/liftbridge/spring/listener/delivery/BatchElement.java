package io.liftbridge.spring.listener.delivery;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * An element of a batch for those around a listener, who want to see the message that it
 * was prepared of.
 *
 * @param message the message
 * @param prepared what the listener made of it
 */
public record BatchElement(ReceivedMessage<byte[]> message, Object prepared) {

	/**
	 * Keeps what was prepared with its message.
	 * @param message the message
	 * @param prepared what the listener made of it, {@code null} if it is left out
	 * @return the element, or {@code null}
	 */
	public static @Nullable Object of(ReceivedMessage<byte[]> message, @Nullable Object prepared) {
		return (prepared != null) ? new BatchElement(message, prepared) : null;
	}

	/**
	 * The messages of a batch.
	 * @param batch its elements
	 * @return as many messages
	 */
	public static List<ReceivedMessage<byte[]>> messages(List<Object> batch) {
		return batch.stream().map((element) -> ((BatchElement) element).message()).toList();
	}

	/**
	 * A batch as the listener has prepared it.
	 * @param batch its elements
	 * @return as many of the listener's
	 */
	public static List<Object> prepared(List<Object> batch) {
		return batch.stream().map((element) -> ((BatchElement) element).prepared()).toList();
	}

}
