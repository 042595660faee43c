package io.liftbridge.client.topic;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.producer.Partitioner;
import org.jspecify.annotations.Nullable;

/**
 * Creates parts of topics by their names, for those who find a definition that somebody
 * else has stored. Found by {@link java.util.ServiceLoader}, or given to
 * {@link Topics#register}. Must be safe for use by many threads.
 */
public interface TopicParts {

	/**
	 * Creates a validator.
	 * @param part its name and configuration
	 * @return the validator, or {@code null} if the name is unknown here
	 * @throws InvalidRequestException if the configuration is wrong
	 */
	default @Nullable EventValidator<Object> validator(Part part) {
		return null;
	}

	/**
	 * Creates what chooses partitions.
	 * @param part its name and configuration
	 * @return the selector, or {@code null} if the name is unknown here
	 * @throws InvalidRequestException if the configuration is wrong
	 */
	default @Nullable Partitioner selector(Part part) {
		return null;
	}

	/**
	 * Creates a serializer.
	 * @param part its name and configuration
	 * @param type what the reader wants to get
	 * @param <T> type of the events
	 * @return the serializer, or {@code null} if the name is unknown here
	 * @throws InvalidRequestException if the configuration is wrong, or it cannot make
	 * that type
	 */
	default <T> @Nullable EventSerializer<T> serializer(Part part, Class<T> type) {
		return null;
	}

}
