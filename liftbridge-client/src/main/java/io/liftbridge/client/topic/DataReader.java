package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.consumer.EndReason;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.entry.ChunkHeader;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.MissingDataException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.topic.DataSelector.Selection;

/**
 * Fetches data that lies apart from its event: only the chunks that are wanted. Safe for
 * use by many threads.
 */
final class DataReader {

	/** When to ask whether there can be such data at all. */
	private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final StreamAdmin streams;

	private final Function<String, SubscriptionBuilder> subscriptions;

	private final Duration timeout;

	/**
	 * Creates it.
	 * @param timeout how long to wait until something arrives
	 */
	DataReader(StreamAdmin streams, Function<String, SubscriptionBuilder> subscriptions, Duration timeout) {
		this.streams = streams;
		this.subscriptions = subscriptions;
		this.timeout = timeout;
	}

	/**
	 * Fetches a section of data. Asks no broker if nothing is wanted.
	 * @throws MissingDataException if it is not there any more
	 * @throws LiftbridgeException if it cannot be read at the moment
	 */
	byte[] read(DataDescriptor place, Selection wanted) {
		int from = (int) Math.min(wanted.offset(), place.size());
		int length = (int) Math.min(wanted.length(), place.size() - from);
		if (length == 0) {
			return new byte[0];
		}
		int first = from / place.chunkBytes();
		int last = (from + length - 1) / place.chunkBytes();
		Chunks chunks = new Chunks(place, first, last);
		// Nearly always they lie one behind the other.
		boolean ended = fetch(chunks, place.firstOffset() + first, place.firstOffset() + last);
		if (chunks.missing() >= 0 && ended) {
			fetch(chunks, place.firstOffset(), place.lastOffset());
		}
		if (chunks.missing() >= 0) {
			throw missing(place, "chunk " + chunks.missing() + " of " + place.count() + " is not there");
		}
		return chunks.section(from, length);
	}

	/** Returns whether there is no more than what was delivered. */
	private boolean fetch(Chunks chunks, long from, long to) {
		DataDescriptor place = chunks.place;
		try (Subscription subscription = this.subscriptions.apply(place.stream())
			.partition(place.partition())
			.from(StartPosition.offset(from))
			.until(StopPosition.offset(to))
			.resumePaused(true)
			.unpack(false)
			.handler(chunks::take)
			.start()) {
			return await(chunks, subscription);
		}
	}

	private boolean await(Chunks chunks, Subscription subscription) {
		try {
			CompletableFuture<Object> end = CompletableFuture.anyOf(chunks.complete, subscription.ended());
			Object how;
			try {
				how = end.get(LOOK_NANOS, TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				if (isBehindTheEnd(chunks.place)) {
					return false;
				}
				how = awaitArriving(end, chunks);
			}
			if (how == EndReason.CLOSED) {
				throw new ClientClosedException("Reading " + chunks.place + " was ended, as its client was closed.",
						null, Outcome.NOT_SENT);
			}
			return true;
		}
		catch (ExecutionException ex) {
			LiftbridgeException reason = Cluster.unwrap(ex);
			boolean gone = reason instanceof StreamNotFoundException || reason instanceof PartitionNotFoundException;
			throw gone ? deleted(chunks.place, reason) : reason;
		}
		catch (TimeoutException ex) {
			if (!subscription.isLive()) {
				throw new RequestTimeoutException("Reading " + chunks.place + ": no broker has delivered it within "
						+ Bounds.text(this.timeout) + ".", ex, Outcome.NOT_SENT);
			}
			// A broker delivers at once what it has.
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new LiftbridgeException("Interrupted while reading " + chunks.place + ".", ex, Outcome.NOT_SENT);
		}
	}

	/** Goes on waiting as long as something arrives: it may be long, or the way slow. */
	private Object awaitArriving(CompletableFuture<Object> end, Chunks chunks)
			throws InterruptedException, ExecutionException, TimeoutException {
		for (;;) {
			int before = chunks.arrived.get();
			try {
				return end.get(this.timeout.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				if (chunks.arrived.get() == before) {
					throw ex;
				}
			}
		}
	}

	/**
	 * Whether its partition ends before it, so that it will never arrive: the stream was
	 * created anew, or the event says what is not true.
	 */
	private boolean isBehindTheEnd(DataDescriptor place) {
		try {
			return this.streams.describePartition(place.stream(), place.partition()).newestOffset() < place
				.lastOffset();
		}
		catch (LiftbridgeException ex) {
			// The subscription tells whether it can be read.
			return false;
		}
	}

	private static MissingDataException missing(DataDescriptor place, String why) {
		return new MissingDataException("The event has " + place + ", which cannot be read: " + why
				+ ". Retention may have removed it: let the companion stream keep its messages for longer than the"
				+ " stream of the events.", null);
	}

	private static MissingDataException deleted(DataDescriptor place, LiftbridgeException reason) {
		return new MissingDataException("The event has " + place + ", which is gone: the companion stream was deleted,"
				+ " or created anew with fewer partitions, and the data with it. Delete it only together with the"
				+ " stream of the events; skip events that refer to it.", reason);
	}

	/** What has come of it. */
	private static final class Chunks {

		private final DataDescriptor place;

		private final int first;

		private final int last;

		private final Map<Integer, byte[]> found = new ConcurrentHashMap<>();

		private final CompletableFuture<Void> complete = new CompletableFuture<>();

		/** Counts what was delivered, wanted or not. */
		private final AtomicInteger arrived = new AtomicInteger();

		Chunks(DataDescriptor place, int first, int last) {
			this.place = place;
			this.first = first;
			this.last = last;
		}

		void take(ReceivedMessage<byte[]> message) {
			this.arrived.incrementAndGet();
			byte[] text = message.headers().get(EntryHeaders.CHUNK);
			ChunkHeader header;
			try {
				header = (text != null) ? ChunkHeader.parse(text) : null;
			}
			catch (MalformedEntryException ex) {
				header = null;
			}
			if (header != null && header.id().equals(this.place.id()) && header.count() == this.place.count()
					&& header.index() >= this.first && header.index() <= this.last
					&& message.value().length == this.place.bytesOf(header.index())) {
				this.found.put(header.index(), message.value());
				if (this.found.size() > this.last - this.first) {
					this.complete.complete(null);
				}
			}
		}

		/** The first one that is missing, -1 for none. */
		int missing() {
			for (int i = this.first; i <= this.last; i++) {
				if (!this.found.containsKey(i)) {
					return i;
				}
			}
			return -1;
		}

		byte[] section(int from, int length) {
			byte[] section = new byte[length];
			for (int i = this.first; i <= this.last; i++) {
				byte[] chunk = this.found.get(i);
				if (chunk != null) {
					int begin = Math.max(0, from - i * this.place.chunkBytes());
					int at = i * this.place.chunkBytes() + begin - from;
					System.arraycopy(chunk, begin, section, at, Math.min(chunk.length - begin, length - at));
				}
			}
			return section;
		}

	}

}
