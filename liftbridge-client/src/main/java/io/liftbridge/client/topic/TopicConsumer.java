package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.UnreadableEventException;
import org.jspecify.annotations.Nullable;

/**
 * Reads events at the pace of whoever asks: in lists, one by one, or as a stream. All of
 * these go on where the other stopped. Safe for use by many threads, which take turns.
 *
 * @param <T> type of the events
 */
public final class TopicConsumer<T> implements Iterable<ReceivedMessage<T>>, AutoCloseable {

	private final Topic<T> topic;

	private final io.liftbridge.client.consumer.Consumer messages;

	private final @Nullable Consumer<? super UnreadableEventException> onUnreadable;

	private final ReentrantLock lock = new ReentrantLock();

	/** What was taken, but is behind a message that could not be read. */
	private List<ReceivedMessage<byte[]>> rest = List.of();

	TopicConsumer(Topic<T> topic, io.liftbridge.client.consumer.Consumer messages,
			@Nullable Consumer<? super UnreadableEventException> onUnreadable) {
		this.topic = topic;
		this.messages = messages;
		this.onUnreadable = onUnreadable;
	}

	/**
	 * Waits for events.
	 * @param timeout how long to wait for the first one; zero takes what is there
	 * @return what has arrived; empty if nothing has arrived in time, or nothing will any
	 * more
	 * @throws UnreadableEventException if the next message cannot be read and nobody
	 * takes it, see {@link TopicConsumerBuilder#onUnreadable}; the call after that goes
	 * on behind it
	 * @throws LiftbridgeException if reading has failed for good
	 */
	public List<ReceivedMessage<T>> poll(Duration timeout) {
		long deadline = System.nanoTime() + Bounds.nanos(timeout);
		List<ReceivedMessage<byte[]>> raw = takeRest();
		List<ReceivedMessage<T>> events = read(raw);
		long left = deadline - System.nanoTime();
		while (events.isEmpty() && (raw.isEmpty() || left > 0)) {
			raw = this.messages.poll(Duration.ofNanos(Math.max(0, left)));
			if (raw.isEmpty()) {
				return events;
			}
			events = read(raw);
			left = deadline - System.nanoTime();
		}
		return events;
	}

	/** Up to the first one that is not to be read together with those before it. */
	private List<ReceivedMessage<T>> read(List<ReceivedMessage<byte[]>> raw) {
		List<ReceivedMessage<T>> events = new ArrayList<>(raw.size());
		for (int i = 0; i < raw.size(); i++) {
			try {
				events.add(this.topic.read(raw.get(i)));
			}
			catch (UnreadableEventException ex) {
				if (!events.isEmpty()) {
					keepRest(raw.subList(i, raw.size()));
					return events;
				}
				tell(ex, raw.subList(i + 1, raw.size()));
			}
			catch (LiftbridgeException ex) {
				// Its data cannot be fetched at the moment: the next call tries again.
				keepRest(raw.subList(i, raw.size()));
				if (events.isEmpty()) {
					throw ex;
				}
				return events;
			}
		}
		return events;
	}

	/** What is thrown then must not lose those behind it. */
	private void tell(UnreadableEventException unreadable, List<ReceivedMessage<byte[]>> behind) {
		try {
			if (this.onUnreadable == null) {
				throw unreadable;
			}
			this.onUnreadable.accept(unreadable);
		}
		catch (Throwable ex) {
			keepRest(behind);
			throw ex;
		}
	}

	private List<ReceivedMessage<byte[]>> takeRest() {
		this.lock.lock();
		try {
			List<ReceivedMessage<byte[]>> taken = this.rest;
			this.rest = List.of();
			return taken;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void keepRest(List<ReceivedMessage<byte[]>> messages) {
		this.lock.lock();
		try {
			List<ReceivedMessage<byte[]>> all = new ArrayList<>(messages);
			all.addAll(this.rest);
			this.rest = all;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Iterates as events arrive. Waiting for the next one may take for ever, unless a
	 * stop was given; it ends quietly when the consumer is closed.
	 * @return an iterator that throws what {@link #poll} throws
	 */
	@Override
	public Iterator<ReceivedMessage<T>> iterator() {
		return new Events(this.messages.iterator());
	}

	/**
	 * The same as a stream.
	 * @return a sequential stream; closing it closes the consumer
	 */
	public Stream<ReceivedMessage<T>> stream() {
		return StreamSupport
			.stream(Spliterators.spliteratorUnknownSize(iterator(), Spliterator.ORDERED | Spliterator.NONNULL), false)
			.onClose(this::close);
	}

	/**
	 * The offset up to which nothing of a partition is left to be returned.
	 * @param partition the partition's number
	 * @return the offset, or -1 if there was none so far
	 * @see io.liftbridge.client.consumer.Consumer#lastProcessed
	 */
	public long lastProcessed(int partition) {
		this.lock.lock();
		try {
			return this.rest.stream()
				.filter((message) -> message.partition() == partition)
				.findFirst()
				.map((message) -> message.resumeOffset() - 1)
				.orElseGet(() -> this.messages.lastProcessed(partition));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Whether nothing will arrive any more.
	 * @return whether it has ended
	 */
	public boolean isEnded() {
		this.lock.lock();
		try {
			return this.rest.isEmpty() && this.messages.isEnded();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends reading at once. The second call is free.
	 */
	@Override
	public void close() {
		this.messages.close();
	}

	/** One event after the other. */
	private final class Events implements Iterator<ReceivedMessage<T>> {

		private final Iterator<ReceivedMessage<byte[]>> raw;

		private Iterator<ReceivedMessage<byte[]>> before = List.<ReceivedMessage<byte[]>>of().iterator();

		private @Nullable ReceivedMessage<T> next;

		Events(Iterator<ReceivedMessage<byte[]>> raw) {
			this.raw = raw;
		}

		@Override
		public boolean hasNext() {
			while (this.next == null) {
				this.before = this.before.hasNext() ? this.before : takeRest().iterator();
				Iterator<ReceivedMessage<byte[]>> source = this.before.hasNext() ? this.before : this.raw;
				if (!source.hasNext()) {
					return false;
				}
				ReceivedMessage<byte[]> message = source.next();
				try {
					this.next = TopicConsumer.this.topic.read(message);
				}
				catch (UnreadableEventException ex) {
					if (TopicConsumer.this.onUnreadable == null) {
						throw ex;
					}
					TopicConsumer.this.onUnreadable.accept(ex);
				}
				catch (LiftbridgeException ex) {
					List<ReceivedMessage<byte[]>> rest = new ArrayList<>(List.of(message));
					this.before.forEachRemaining(rest::add);
					keepRest(rest);
					throw ex;
				}
			}
			return true;
		}

		@Override
		public ReceivedMessage<T> next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			ReceivedMessage<T> event = this.next;
			this.next = null;
			if (event == null) {
				throw new NoSuchElementException();
			}
			return event;
		}

	}

}
