package io.liftbridge.spring.core;

import java.util.concurrent.Flow;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.PayloadConversionException;
import org.springframework.core.ParameterizedTypeReference;

/**
 * What is to be read of a stream, and how. Not safe for use by several threads; the
 * streams and publishers that it opens are independent of it and of each other.
 *
 * @param <T> type of the payloads
 */
public interface StreamReader<T> {

	/**
	 * Sets the partitions to read.
	 * @param partitions their numbers; default, and if there are none: all that the
	 * stream has when reading begins
	 * @return this reader
	 */
	StreamReader<T> partitions(int... partitions);

	/**
	 * Sets where reading begins, in each partition.
	 * @param start default {@link StartPosition#newOnly()}
	 * @return this reader
	 */
	StreamReader<T> from(StartPosition start);

	/**
	 * Sets where reading ends, in each partition.
	 * @param stop default {@link StopPosition#never()}
	 * @return this reader
	 */
	StreamReader<T> until(StopPosition stop);

	/**
	 * Leaves out messages before they are converted. Several conditions must all hold.
	 * @param condition tells whether a message is wanted
	 * @return this reader
	 */
	StreamReader<T> filter(Predicate<? super ReceivedMessage<byte[]>> condition);

	/**
	 * Passes over messages that cannot be converted, instead of ending with them.
	 * @param handler is told of each
	 * @return this reader
	 */
	StreamReader<T> onUnreadable(UnreadableHandler handler);

	/**
	 * Converts values.
	 * @param type type of the payloads
	 * @param <U> type of the payloads
	 * @return a reader with the same options
	 */
	<U> StreamReader<U> as(Class<U> type);

	/**
	 * Converts values to a generic type.
	 * @param type type of the payloads
	 * @param <U> type of the payloads
	 * @return a reader with the same options
	 */
	<U> StreamReader<U> as(ParameterizedTypeReference<U> type);

	/**
	 * Opens a stream, which waits for each further message unless there is a stop. What
	 * cannot be converted is thrown as a {@link PayloadConversionException}, other
	 * failures as a {@link io.liftbridge.client.message.LiftbridgeException}.
	 * @return a sequential stream, to be closed
	 * @throws io.liftbridge.client.message.StreamNotFoundException if the stream does not
	 * exist
	 */
	Stream<ReceivedMessage<T>> stream();

	/**
	 * Gives a publisher that begins to read for each of its subscribers, when it comes.
	 * @return the publisher, which publishes as messages are demanded, on a thread of the
	 * client; a message that cannot be converted ends it
	 */
	Flow.Publisher<ReceivedMessage<T>> publisher();

	/**
	 * Is told of messages that cannot be converted.
	 */
	@FunctionalInterface
	interface UnreadableHandler {

		/**
		 * Is told of a message that is passed over.
		 * @param message the message as it was read
		 * @param failure why it cannot be converted
		 */
		void onUnreadable(ReceivedMessage<byte[]> message, PayloadConversionException failure);

	}

}
