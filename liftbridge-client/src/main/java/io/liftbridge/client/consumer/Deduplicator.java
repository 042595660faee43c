package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Leaves out messages that a producer with publishing ids has stored twice: those behind
 * one of the same producer and partition with the same id or a higher one. Messages
 * without ids pass. What is delivered again, from a position that was passed already, is
 * no duplicate and passes, so that nothing is lost where a handler has failed. A stream
 * that was deleted and created anew is recognised by its timestamps, once it has a
 * message at an offset that was passed before.
 * <p>
 * Remembers one id for each producer of a partition, of the producers that wrote last,
 * and may be used for any number of streams and partitions, each read from old to new.
 * Safe for use by many threads, but the messages of one partition must come one at a
 * time, as they do in a subscription, a consumer or a group.
 *
 * <pre>{@code
 * Deduplicator duplicates = new Deduplicator();
 * client.subscribe("orders").handler(duplicates.wrap(this::handle)).start();
 * }</pre>
 */
public final class Deduplicator implements Predicate<ReceivedMessage<?>> {

	/** How many producers are remembered by default. */
	public static final int DEFAULT_PRODUCERS = 10_000;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<Key, Mark> marks;

	/**
	 * Remembers {@value #DEFAULT_PRODUCERS} producers, each partition on its own.
	 */
	public Deduplicator() {
		this(DEFAULT_PRODUCERS);
	}

	/**
	 * Creates one.
	 * @param maxProducers how many producers are remembered, each partition on its own;
	 * beyond that the one is forgotten that has not been seen for the longest time, and
	 * its duplicates pass
	 * @throws InvalidRequestException if it is below 1
	 */
	public Deduplicator(int maxProducers) {
		if (maxProducers < 1) {
			throw new InvalidRequestException(
					"A Deduplicator cannot remember " + maxProducers + " producers; the number must be 1 or more.",
					null);
		}
		this.marks = new LinkedHashMap<>(16, 0.75f, true) {

			private static final long serialVersionUID = 1L;

			@Override
			protected boolean removeEldestEntry(Map.Entry<Key, Mark> eldest) {
				return size() > maxProducers;
			}

		};
	}

	/**
	 * Whether a message was stored before. Remembers nothing.
	 * @param message the message
	 * @return whether to leave it out
	 */
	public boolean isDuplicate(ReceivedMessage<?> message) {
		String producer = PublishingId.producer(message);
		OptionalLong id = (producer != null) ? PublishingId.of(message) : OptionalLong.empty();
		if (producer == null || id.isEmpty()) {
			return false;
		}
		this.lock.lock();
		try {
			Mark mark = this.marks.get(new Key(message.stream(), message.partition(), producer));
			return mark != null && id.getAsLong() <= mark.publishingId
					&& mark.isBefore(message.offset(), message.index());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remembers a message, so that others with its id are duplicates. To be called when
	 * the message is handled, not before.
	 * @param message the message
	 */
	public void processed(ReceivedMessage<?> message) {
		String producer = PublishingId.producer(message);
		OptionalLong id = (producer != null) ? PublishingId.of(message) : OptionalLong.empty();
		if (producer != null && id.isPresent()) {
			keep(new Key(message.stream(), message.partition(), producer),
					new Mark(id.getAsLong(), message.offset(), message.index(), message.timestampNanos()));
		}
	}

	private void keep(Key key, Mark mark) {
		this.lock.lock();
		try {
			Mark known = this.marks.get(key);
			if (known == null || mark.publishingId > known.publishingId || mark.isOfAnotherLog(known)) {
				this.marks.put(key, mark);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tells whether to handle a message, and remembers it at once: for use as a filter,
	 * where what was let pass counts as handled. With {@link #wrap} a message counts only
	 * when its handler has succeeded.
	 * @param message the message
	 * @return whether it is no duplicate
	 */
	@Override
	public boolean test(ReceivedMessage<?> message) {
		if (isDuplicate(message)) {
			return false;
		}
		processed(message);
		return true;
	}

	/**
	 * Keeps duplicates from a handler. They count as handled, also for cursors.
	 * @param handler the handler
	 * @return the handler to subscribe with
	 */
	public MessageHandler wrap(MessageHandler handler) {
		return new MessageHandler() {

			@Override
			public void onMessage(ReceivedMessage<byte[]> message) throws Exception {
				if (!isDuplicate(message)) {
					handler.onMessage(message);
					processed(message);
				}
			}

			@Override
			public void onFilteredOut(long offset) throws Exception {
				handler.onFilteredOut(offset);
			}

			@Override
			public boolean onMalformed(MalformedEntryException malformed) throws Exception {
				return handler.onMalformed(malformed);
			}

		};
	}

	/**
	 * Tells what is remembered, to be kept with the results of what was handled, and
	 * given to {@link #seed} after a restart. Who keeps nothing can read some messages in
	 * front of the cursor again, and call {@link #processed} with each.
	 * @return the last message of each producer, that seen longest ago first
	 */
	public List<Seen> seen() {
		this.lock.lock();
		try {
			List<Seen> all = new ArrayList<>();
			this.marks.forEach((key, mark) -> all.add(new Seen(key.stream, key.partition, key.producer,
					mark.publishingId, mark.offset, mark.index, mark.timestampNanos)));
			return all;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remembers what was seen before a restart. Of a producer that is known already the
	 * higher id counts.
	 * @param before from {@link #seen()}
	 */
	public void seed(Collection<Seen> before) {
		before.forEach((seen) -> keep(new Key(seen.stream, seen.partition, seen.producer),
				new Mark(seen.publishingId, seen.offset, seen.index, seen.timestampNanos)));
	}

	/**
	 * The message with the highest publishing id of a producer in a partition.
	 *
	 * @param stream the stream's name
	 * @param partition the partition
	 * @param producer the producer's name
	 * @param publishingId the id
	 * @param offset the message's offset
	 * @param index the record's place in its batch entry, 0 for a message of its own
	 * @param timestampNanos when the leader received it, in Unix nanoseconds
	 */
	public record Seen(String stream, int partition, String producer, long publishingId, long offset, int index,
			long timestampNanos) {
	}

	private record Key(String stream, int partition, String producer) {
	}

	private record Mark(long publishingId, long offset, int index, long timestampNanos) {

		boolean isBefore(long otherOffset, int otherIndex) {
			return this.offset < otherOffset || (this.offset == otherOffset && this.index < otherIndex);
		}

		/** Whether it is not behind, but younger. */
		boolean isOfAnotherLog(Mark other) {
			return this.offset <= other.offset && this.timestampNanos > other.timestampNanos;
		}

	}

}
