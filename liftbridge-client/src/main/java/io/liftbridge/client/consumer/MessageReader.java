package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.ChunkHeader;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamPausedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads stored messages once: does not wait for new ones. Safe for use by many threads.
 */
public final class MessageReader {

	private static final String REMEDY = "Look with unpack(false) at what is stored there.";

	private final Function<String, SubscriptionBuilder> subscriptions;

	/**
	 * For use inside the client.
	 * @param subscriptions starts subscriptions
	 */
	public MessageReader(Function<String, SubscriptionBuilder> subscriptions) {
		this.subscriptions = subscriptions;
	}

	/**
	 * Reads the message at an offset; of a batch entry, its first record. A large message
	 * is at the offset of its last chunk.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset
	 * @param timeout how long to wait at the most
	 * @return the message, or {@code null} if there is none at this offset: not yet, or
	 * not any more
	 * @throws MalformedEntryException if it cannot be unpacked
	 * @throws RequestTimeoutException if it did not arrive in time
	 * @throws StreamPausedException if the partition is paused and that is known before
	 * the time is up
	 */
	public @Nullable ReceivedMessage<byte[]> read(String stream, int partition, long offset, Duration timeout) {
		List<ReceivedMessage<byte[]>> messages = readAll(stream, partition, offset, timeout, (message) -> true);
		return messages.isEmpty() ? null : messages.get(0);
	}

	/**
	 * Reads all that was stored at an offset: the records of a batch entry, or the one
	 * message that is none.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param offset the offset
	 * @param timeout how long to wait at the most
	 * @return the records by index; empty if there is nothing at this offset: not yet, or
	 * not any more
	 * @throws MalformedEntryException if it cannot be unpacked
	 * @throws RequestTimeoutException if it did not arrive in time
	 * @throws StreamPausedException if the partition is paused and that is known before
	 * the time is up
	 */
	public List<ReceivedMessage<byte[]>> readAll(String stream, int partition, long offset, Duration timeout) {
		return readAll(stream, partition, offset, timeout, (message) -> message.index() == message.recordCount() - 1);
	}

	private List<ReceivedMessage<byte[]>> readAll(String stream, int partition, long offset, Duration timeout,
			Predicate<ReceivedMessage<byte[]>> last) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		List<ReceivedMessage<byte[]>> found = readAt(stream, partition, offset, offset, timeout, last, true);
		if (!found.isEmpty()) {
			return found;
		}
		List<ReceivedMessage<byte[]>> stored = readAt(stream, partition, offset, offset, rest(deadline), (one) -> true,
				false);
		ChunkHeader chunk = stored.isEmpty() ? null : chunk(stored.get(0));
		if (chunk == null || chunk.index() < chunk.count() - 1) {
			return found;
		}
		// A large message lies at its last chunk; others may lie between its chunks.
		long back = chunk.count();
		for (long from = offset; found.isEmpty() && from > 0; back *= 4) {
			from = Math.max(0, offset - back);
			found = readAt(stream, partition, from, offset, rest(deadline), last, true);
		}
		if (found.isEmpty()) {
			throw new MalformedEntryException(stored.get(0),
					"it is the last chunk of a large message, and other chunks of it are not there", REMEDY, null);
		}
		return found;
	}

	private static @Nullable ChunkHeader chunk(ReceivedMessage<byte[]> stored) {
		byte[] header = stored.headers().get(EntryHeaders.CHUNK);
		try {
			return (header != null) ? ChunkHeader.parse(header) : null;
		}
		catch (MalformedEntryException ex) {
			throw new MalformedEntryException(stored, ex.reason(), REMEDY, ex);
		}
	}

	private static Duration rest(long deadline) {
		return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
	}

	/** Begins to read before the offset, if need be. */
	private List<ReceivedMessage<byte[]>> readAt(String stream, int partition, long from, long offset, Duration timeout,
			Predicate<ReceivedMessage<byte[]>> last, boolean unpack) {
		List<ReceivedMessage<byte[]>> result = Collections.synchronizedList(new ArrayList<>());
		int prefetch = (int) Math.min(1000, offset - from + 1);
		return read(stream, partition, StartPosition.offset(from), prefetch, timeout, result, unpack,
				new MessageHandler() {

					@Override
					public void onMessage(ReceivedMessage<byte[]> message) throws Exception {
						if (message.offset() == offset) {
							result.add(message);
						}
						if (message.offset() > offset || (message.offset() == offset && last.test(message))) {
							throw new LimitReached();
						}
					}

					@Override
					public boolean onMalformed(MalformedEntryException malformed) throws Exception {
						ReceivedMessage<byte[]> raw = malformed.raw();
						if (raw == null || raw.offset() > offset) {
							throw new LimitReached();
						}
						if (raw.offset() == offset) {
							boolean chunk = raw.headers().get(EntryHeaders.CHUNK) != null;
							throw chunk ? new LimitReached() : malformed;
						}
						return true;
					}

				});
	}

	/**
	 * Reads messages that are stored at the moment. Records of batch entries count for
	 * themselves; what cannot be unpacked is logged at WARN and left out.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start where to begin
	 * @param limit most messages to read
	 * @param timeout how long to wait at the most
	 * @return the messages by offset, fewer than the limit at the end of the partition
	 * @throws RequestTimeoutException if they did not arrive in time
	 * @throws StreamPausedException if the partition is paused and that is known before
	 * the time is up
	 */
	public List<ReceivedMessage<byte[]>> read(String stream, int partition, StartPosition start, int limit,
			Duration timeout) {
		return read(stream, partition, start, StopPosition.latest(), limit, timeout);
	}

	/**
	 * Reads messages of a range that are stored at the moment, as
	 * {@link #read(String, int, StartPosition, int, Duration)} does.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start where to begin
	 * @param stop where to end; what is not stored yet is not waited for
	 * @param limit most messages to read
	 * @param timeout how long to wait at the most
	 * @return the messages by offset, fewer than the limit at the end of the range
	 * @throws RequestTimeoutException if they did not arrive in time
	 * @throws StreamPausedException if the partition is paused and that is known before
	 * the time is up
	 */
	public List<ReceivedMessage<byte[]>> read(String stream, int partition, StartPosition start, StopPosition stop,
			int limit, Duration timeout) {
		if (limit < 1) {
			throw new InvalidRequestException("Cannot read " + limit + " messages; the limit must be 1 or more.", null);
		}
		if (start.kind() == StartPosition.Kind.NEW_ONLY) {
			return List.of();
		}
		List<ReceivedMessage<byte[]>> result = Collections.synchronizedList(new ArrayList<>());
		return read(stream, partition, start, Math.min(limit, 1000), timeout, result, true, (message) -> {
			if (isBeyond(message, stop)) {
				throw new LimitReached();
			}
			result.add(message);
			if (result.size() >= limit || isLast(message, stop)) {
				throw new LimitReached();
			}
		});
	}

	/**
	 * Finds where a position is at the moment. Nothing is unpacked.
	 * @param stream the stream's name
	 * @param partition the partition's number
	 * @param start the position
	 * @param timeout how long to wait at the most
	 * @return the offset of the first message from there on; empty if there is none yet
	 * @throws RequestTimeoutException if it was not found in time
	 * @throws StreamPausedException if the partition is paused and that is known before
	 * the time is up
	 */
	public OptionalLong findOffset(String stream, int partition, StartPosition start, Duration timeout) {
		if (start.kind() == StartPosition.Kind.NEW_ONLY) {
			return OptionalLong.empty();
		}
		List<ReceivedMessage<byte[]>> result = Collections.synchronizedList(new ArrayList<>());
		return read(stream, partition, start, 1, timeout, result, false, (message) -> {
			result.add(message);
			throw new LimitReached();
		}).stream().mapToLong(ReceivedMessage::offset).findFirst();
	}

	private static boolean isBeyond(ReceivedMessage<?> message, StopPosition stop) {
		return switch (stop.kind()) {
			case OFFSET -> message.offset() > stop.value();
			case TIMESTAMP -> message.timestampNanos() > stop.value();
			default -> false;
		};
	}

	private static boolean isLast(ReceivedMessage<?> message, StopPosition stop) {
		return stop.kind() == StopPosition.Kind.OFFSET && message.offset() == stop.value()
				&& message.index() == message.recordCount() - 1;
	}

	/** The handler ends it with {@link LimitReached}. */
	private List<ReceivedMessage<byte[]>> read(String stream, int partition, StartPosition start, int prefetch,
			Duration timeout, List<ReceivedMessage<byte[]>> result, boolean unpack, MessageHandler handler) {
		AtomicReference<@Nullable LiftbridgeException> obstacle = new AtomicReference<>();
		SubscriptionBuilder builder = this.subscriptions.apply(stream)
			.partition(partition)
			.from(start)
			.until(StopPosition.latest())
			.prefetch(prefetch)
			.unpack(unpack)
			.listener(new SubscriptionListener() {

				@Override
				public void onInterrupted(Subscription subscription, LiftbridgeException reason, int attempt) {
					obstacle.set(reason);
				}

			})
			.handler(handler);
		try (Subscription subscription = builder.start()) {
			subscription.ended().get(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof LimitReached)) {
				throw Cluster.unwrap(ex);
			}
		}
		catch (TimeoutException ex) {
			LiftbridgeException reason = obstacle.get();
			throw new RequestTimeoutException(
					"read stream '" + stream + "' partition " + partition + " from " + start + ": only " + result.size()
							+ " messages arrived within " + timeout + "."
							+ ((reason != null) ? " The last attempt failed: " + reason.getMessage() : ""),
					(reason != null) ? reason : ex, Outcome.NOT_SENT);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while reading stream '" + stream + "'.", ex, Outcome.NOT_SENT);
		}
		return List.copyOf(result);
	}

	/** Ends the subscription from within its handler. */
	private static final class LimitReached extends Exception {

		private static final long serialVersionUID = 1L;

		LimitReached() {
			super("limit reached", null, false, false);
		}

	}

}
