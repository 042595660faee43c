package io.liftbridge.spring.core;

import java.util.List;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Reads what streams hold: single messages, ranges, and streams of messages at the pace
 * of whoever reads.
 */
public interface ReceiveOperations {

	/**
	 * Reads the message at an offset. Waits for the broker, up to the receive timeout.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset, 0 and above
	 * @return the message, or {@code null} if there is none at this offset: not yet, or
	 * not any more
	 * @throws io.liftbridge.client.message.LiftbridgeException if it cannot be read
	 */
	@Nullable ReceivedMessage<byte[]> receive(String stream, int partition, long offset);

	/**
	 * Reads the message at an offset and converts its value.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset, 0 and above
	 * @param type type of the payload
	 * @param <T> type of the payload
	 * @return the message, or {@code null} if there is none at this offset: not yet, or
	 * not any more
	 * @throws io.liftbridge.client.message.LiftbridgeException if it cannot be read
	 * @throws io.liftbridge.spring.support.PayloadConversionException if it is not of
	 * this type
	 */
	<T> @Nullable ReceivedMessage<T> receive(String stream, int partition, long offset, Class<T> type);

	/**
	 * Reads messages that are stored at the moment. Waits for the broker, up to the
	 * receive timeout, but not for new messages.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start where to begin
	 * @param limit most messages to read, 1 and above
	 * @return the messages by offset, fewer than the limit at the end of the partition
	 * @throws io.liftbridge.client.message.LiftbridgeException if they cannot be read
	 */
	List<ReceivedMessage<byte[]>> receive(String stream, int partition, StartPosition start, int limit);

	/**
	 * Reads messages of a range that are stored at the moment and converts their values.
	 * Waits for the broker, up to the receive timeout, but not for new messages.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start where to begin: an offset, a time, or another position
	 * @param stop where to end: an offset or a time, both included, or
	 * {@link StopPosition#latest()}
	 * @param limit most messages to read, 1 and above
	 * @param type type of the payloads
	 * @param <T> type of the payloads
	 * @return the messages by offset, fewer than the limit at the end of the range
	 * @throws io.liftbridge.client.message.LiftbridgeException if they cannot be read
	 * @throws io.liftbridge.spring.support.PayloadConversionException if one is not of
	 * this type
	 */
	<T> List<ReceivedMessage<T>> receive(String stream, int partition, StartPosition start, StopPosition stop,
			int limit, Class<T> type);

	/**
	 * Prepares to read a stream as it goes on: as a {@link java.util.stream.Stream} or a
	 * {@link java.util.concurrent.Flow.Publisher}. Nothing is read before one of these is
	 * used.
	 * @param stream the stream's name
	 * @return what is to be read, by default new messages of all partitions, as they are
	 */
	StreamReader<byte[]> read(String stream);

}
