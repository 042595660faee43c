package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a subscription needs to know. Not safe for use by several threads.
 */
public final class SubscriptionBuilder {

	private static final int MOST_MESSAGES = 1_000_000;

	private static final long MOST_BYTES = 1L << 40;

	private final Function<SubscriptionOptions, Subscription> factory;

	private final String stream;

	private int partition;

	private StartPosition start = StartPosition.newOnly();

	private StopPosition stop = StopPosition.never();

	private boolean reverse;

	private MessageFilter filter = MessageFilter.ALL;

	private boolean resumePaused;

	private boolean isrReplica;

	private int prefetch = 1000;

	private long prefetchBytes = 16L << 20;

	private int batchSize = 500;

	private @Nullable String cursorId;

	private CursorConvention convention = CursorConvention.LAST_PROCESSED;

	private @Nullable OffsetTracking tracking;

	private boolean pulled;

	private @Nullable BatchHandler handler;

	private @Nullable Executor executor;

	private SubscriptionListener listener = SubscriptionListener.NONE;

	private EntryOptions entries = EntryOptions.DEFAULT;

	/**
	 * For use inside the client.
	 * @param stream the stream's name
	 * @param factory starts the subscription
	 */
	public SubscriptionBuilder(String stream, Function<SubscriptionOptions, Subscription> factory) {
		this.stream = StreamNames.checkStream(stream);
		this.factory = factory;
	}

	/**
	 * Sets the partition to read.
	 * @param partition its number, 0 (default) and above
	 * @return this builder
	 */
	public SubscriptionBuilder partition(int partition) {
		if (partition < 0) {
			throw new InvalidRequestException(
					"Partition " + partition + " of stream '" + this.stream + "' is negative.", null);
		}
		this.partition = partition;
		return this;
	}

	/**
	 * Sets where reading begins.
	 * @param start default {@link StartPosition#newOnly()}
	 * @return this builder
	 */
	public SubscriptionBuilder from(StartPosition start) {
		this.start = start;
		return this;
	}

	/**
	 * Keeps the position in a cursor on the server: reading goes on behind the message
	 * that the cursor says was processed last, and at {@link #from} only if nothing is
	 * stored. A start that depends on the moment is stored before the first message, if
	 * need be in a second cursor, {@code <id>:begun}, so that a restart misses nothing.
	 * What is filtered out counts as processed. Where the cursor points to messages that
	 * retention has removed, reading goes on with the oldest one. A stream that was
	 * deleted and created anew is read from its beginning: a third cursor,
	 * {@code <id>:created}, says to which stream the position belongs. So is one that has
	 * lost messages, where the cursor points behind the newest.
	 * <p>
	 * Each message is processed at least once: what was processed but not stored before a
	 * crash is delivered again. An id must not be used by two readers of a partition at a
	 * time; a consumer group sees to that by itself. Needs
	 * {@code cursors.stream.partitions} of 1 or more in the server's configuration: the
	 * subscription fails with
	 * {@link io.liftbridge.client.message.CursorsDisabledException} otherwise.
	 * @param id the cursor's id, for this stream and partition; by default there is no
	 * cursor
	 * @return this builder
	 * @throws InvalidRequestException if the server would not take the id
	 */
	public SubscriptionBuilder cursor(String id) {
		return cursor(id, CursorConvention.LAST_PROCESSED);
	}

	/**
	 * Keeps the position in a cursor on the server, as {@link #cursor(String)} does.
	 * @param id the cursor's id
	 * @param convention what the number in it means, default
	 * {@link CursorConvention#LAST_PROCESSED}. Under {@link CursorConvention#NEXT_OFFSET}
	 * a stored 0 says the same as nothing
	 * @return this builder
	 * @throws InvalidRequestException if the server would not take the id
	 */
	public SubscriptionBuilder cursor(String id, CursorConvention convention) {
		this.cursorId = StreamNames.checkCursor(id);
		this.convention = convention;
		return this;
	}

	/**
	 * Sets when the position is stored in the cursor. By hand it is stored by
	 * {@link Subscription#commit()}.
	 * @param tracking default {@link OffsetTracking#DEFAULT}; with
	 * {@link OffsetTracking#none()} the cursor is neither read nor stored
	 * @return this builder
	 */
	public SubscriptionBuilder tracking(OffsetTracking tracking) {
		this.tracking = tracking;
		return this;
	}

	/**
	 * Sets where reading ends.
	 * @param stop default {@link StopPosition#never()}
	 * @return this builder
	 */
	public SubscriptionBuilder until(StopPosition stop) {
		this.stop = stop;
		return this;
	}

	/**
	 * Reads from new to old: from the start, which is the newest message if none was
	 * given, down to the oldest one or the stop, and ends there with
	 * {@link EndReason#BEGINNING_OF_PARTITION} or {@link EndReason#STOP_REACHED}. Never
	 * waits for new messages. Starting at a time begins with the first message from then
	 * on, or with the newest if there is none; a stop at a time is the first message from
	 * then on. With a server that is too old for it the subscription fails with a
	 * {@link io.liftbridge.client.message.ReverseReadUnsupportedException}.
	 * @return this builder
	 */
	public SubscriptionBuilder reverse() {
		this.reverse = true;
		return this;
	}

	/**
	 * Leaves out messages by a header. Messages are filtered here, not by the server.
	 * Several headers must all fit. A cursor goes beyond what is left out; with
	 * {@link OffsetTracking#manual()} nothing has to be committed for it: the next
	 * message that is committed covers it, and {@link Subscription#commit()} goes beyond
	 * it. Where few messages fit, calling that now and then keeps a restart from reading
	 * all the others again.
	 * @param header the header's name
	 * @param values the values of which it must have one, as UTF-8
	 * @return this builder
	 * @throws InvalidRequestException if there are no values
	 */
	public SubscriptionBuilder filter(String header, String... values) {
		this.filter = this.filter.header(header, values);
		return this;
	}

	/**
	 * Leaves out messages by a condition, which those must fulfil that fit by their
	 * headers.
	 * @param condition tells whether a message is delivered; runs where the handler does,
	 * and what it throws is as if the handler had thrown it
	 * @return this builder
	 */
	public SubscriptionBuilder filter(Predicate<? super ReceivedMessage<byte[]>> condition) {
		this.filter = this.filter.and(condition);
		return this;
	}

	/**
	 * Sets whether messages without a header that is filtered by are delivered.
	 * @param match default {@code false}
	 * @return this builder
	 */
	public SubscriptionBuilder matchUnfiltered(boolean match) {
		this.filter = this.filter.matchUnfiltered(match);
		return this;
	}

	/**
	 * Sets whether a paused partition is resumed, at the start and later.
	 * @param resume default {@code false}: reading a paused partition fails with
	 * {@link io.liftbridge.client.message.StreamPausedException}
	 * @return this builder
	 */
	public SubscriptionBuilder resumePaused(boolean resume) {
		this.resumePaused = resume;
		return this;
	}

	/**
	 * Sets whether in-sync followers may be read, which relieves the leader. They deliver
	 * a little later.
	 * @param allowed default {@code false}
	 * @return this builder
	 */
	public SubscriptionBuilder readIsrReplica(boolean allowed) {
		this.isrReplica = allowed;
		return this;
	}

	/**
	 * Sets how many messages may wait in memory for the handler.
	 * @param messages 1 to 1,000,000, default 1000
	 * @return this builder
	 */
	public SubscriptionBuilder prefetch(int messages) {
		this.prefetch = (int) within("prefetch", messages, MOST_MESSAGES);
		return this;
	}

	/**
	 * Sets how many bytes may wait in memory for the handler. It is kept on the average:
	 * the client asks for fewer messages when they are large.
	 * @param bytes 1 to 1 TiB, default 16 MiB
	 * @return this builder
	 */
	public SubscriptionBuilder prefetchBytes(long bytes) {
		this.prefetchBytes = within("prefetchBytes", bytes, MOST_BYTES);
		return this;
	}

	/**
	 * Names the header that tells how a value is compressed.
	 * @param name default {@link EntryHeaders#ENCODING}, as Gufo and this client's
	 * producers have it
	 * @return this builder
	 * @throws InvalidRequestException if it is empty or has another meaning
	 */
	public SubscriptionBuilder encodingHeader(String name) {
		this.entries = this.entries.encodingHeader(name);
		return this;
	}

	/**
	 * Sets how many bytes may come of one compressed message. One with more is malformed.
	 * @param bytes 1 and above, default 64 MiB
	 * @return this builder
	 * @throws InvalidRequestException if it is less
	 */
	public SubscriptionBuilder maxUncompressedBytes(int bytes) {
		this.entries = this.entries.maxUncompressedBytes(bytes);
		return this;
	}

	/**
	 * Sets how many bytes a message may have that is stored in chunks, before it is
	 * decompressed. One with more is malformed. Messages of which chunks are missing
	 * share twice as many; beyond that the oldest is malformed.
	 * @param bytes 1 and above, default 64 MiB
	 * @return this builder
	 * @throws InvalidRequestException if it is less
	 */
	public SubscriptionBuilder maxLargeMessageBytes(int bytes) {
		this.entries = this.entries.maxLargeMessageBytes(bytes);
		return this;
	}

	/**
	 * Sets how long after a chunk of a message the next one may come, by the server's
	 * time. A message that waits for longer is malformed, as its producer has given up or
	 * reading began behind its first chunk. Until then positions stay before it.
	 * @param time positive, default 2 min; longer than the acknowledgement timeout of
	 * producers
	 * @return this builder
	 * @throws InvalidRequestException if it is not positive
	 */
	public SubscriptionBuilder largeMessageTimeout(Duration time) {
		this.entries = this.entries.largeMessageTimeout(time);
		return this;
	}

	/**
	 * Sets what becomes of messages whose compression is not known here.
	 * @param treatment default {@link UnknownEncoding#FAIL}: they are malformed
	 * @return this builder
	 */
	public SubscriptionBuilder unknownEncoding(UnknownEncoding treatment) {
		this.entries = this.entries.unknownEncoding(treatment);
		return this;
	}

	/**
	 * Sets whether values are decompressed, batches taken apart and chunks put together.
	 * @param unpack default {@code true}; {@code false} delivers messages as they are
	 * stored
	 * @return this builder
	 */
	public SubscriptionBuilder unpack(boolean unpack) {
		this.entries = this.entries.unpack(unpack);
		return this;
	}

	/**
	 * Sets who runs the handler.
	 * @param executor may run several subscriptions, which then take turns of about 1,000
	 * messages; must not run tasks on the thread that brings them, which receives for
	 * others, too. If it is shut down, the subscription fails. Default: a thread of the
	 * client while there is something to do
	 * @return this builder
	 */
	public SubscriptionBuilder executor(Executor executor) {
		this.executor = executor;
		return this;
	}

	/**
	 * Receives messages one by one.
	 * @param handler the handler
	 * @return this builder
	 */
	public SubscriptionBuilder handler(MessageHandler handler) {
		this.handler = new EachMessage(handler);
		return this;
	}

	/**
	 * Receives messages in lists.
	 * @param maxSize most messages in one list, 1 to 1,000,000; there are never more than
	 * the prefetch
	 * @param handler the handler
	 * @return this builder
	 */
	public SubscriptionBuilder batchHandler(int maxSize, BatchHandler handler) {
		this.batchSize = (int) within("maxSize", maxSize, MOST_MESSAGES);
		this.handler = handler;
		return this;
	}

	/**
	 * Is told how the subscription fares.
	 * @param listener the listener; should not block
	 * @return this builder
	 */
	public SubscriptionBuilder listener(SubscriptionListener listener) {
		this.listener = listener;
		return this;
	}

	/**
	 * Starts reading. Returns at once; {@link Subscription#started()} tells when a broker
	 * has accepted.
	 * @return the subscription, to be closed by the caller or with the client
	 * @throws InvalidRequestException if there is no handler, or nothing can lie between
	 * start and stop, or a cursor is to be kept of reading in reverse
	 */
	public Subscription start() {
		if (this.handler == null) {
			throw new InvalidRequestException("A subscription to stream '" + this.stream
					+ "' needs a handler: call handler(...) or batchHandler(...).", null);
		}
		CursorOptions cursor = cursorOptions();
		if (this.reverse) {
			checkReverse();
		}
		else if (cursor == null && this.start.kind() == StartPosition.Kind.NEW_ONLY
				&& this.stop.kind() == StopPosition.Kind.LATEST) {
			throw new InvalidRequestException("A subscription to stream '" + this.stream
					+ "' that starts with new messages and stops at the latest would never deliver anything. New"
					+ " messages are the default: say where to begin with from(StartPosition.earliest()) or another"
					+ " position.", null);
		}
		else if (this.start.kind() == StartPosition.Kind.OFFSET && this.stop.kind() == StopPosition.Kind.OFFSET
				&& this.stop.value() < this.start.value()) {
			throw new InvalidRequestException("A subscription to stream '" + this.stream + "' cannot start at "
					+ this.start + " and stop at " + this.stop + ", which comes before.", null);
		}
		return this.factory.apply(new SubscriptionOptions(this.stream, this.partition, this.start, this.stop,
				this.reverse, this.filter, this.resumePaused, this.isrReplica, this.prefetch, this.prefetchBytes,
				this.batchSize, this.handler, this.executor, this.listener, null, cursor, this.entries));
	}

	private @Nullable CursorOptions cursorOptions() {
		String id = this.cursorId;
		OffsetTracking when = this.tracking;
		if (id == null) {
			if (when != null && !when.isNone()) {
				throw new InvalidRequestException("A subscription to stream '" + this.stream + "' with tracking " + when
						+ " needs to know where to store positions: call cursor(...).", null);
			}
			return null;
		}
		if (this.reverse) {
			throw new InvalidRequestException("A reverse subscription to stream '" + this.stream
					+ "' cannot keep cursor '" + id + "', which says that everything before it was processed.", null);
		}
		OffsetTracking chosen = (when != null) ? when : OffsetTracking.DEFAULT;
		return chosen.isNone() ? null : new CursorOptions(id, this.convention, chosen, this.pulled);
	}

	/** Takes over the cursor of a consumer, which says itself what is processed. */
	SubscriptionBuilder pulling(@Nullable String id, CursorConvention meaning, @Nullable OffsetTracking when) {
		this.cursorId = id;
		this.convention = meaning;
		this.tracking = when;
		this.pulled = true;
		return this;
	}

	/** Takes over what a consumer was told. */
	SubscriptionBuilder reading(boolean inReverse, MessageFilter wanted, EntryOptions unpacking) {
		this.reverse = inReverse;
		this.filter = wanted;
		this.entries = unpacking;
		return this;
	}

	private void checkReverse() {
		String what = "A reverse subscription to stream '" + this.stream + "' ";
		if (this.start.kind() == StartPosition.Kind.EARLIEST) {
			throw new InvalidRequestException(
					what + "that starts at the earliest message ends with it; start at the latest.", null);
		}
		if (this.stop.kind() == StopPosition.Kind.LATEST) {
			throw new InvalidRequestException(
					what + "cannot stop at the latest message: that is where it starts. Stop at an offset or a time.",
					null);
		}
		if (this.start.kind() == StartPosition.Kind.OFFSET && this.stop.kind() == StopPosition.Kind.OFFSET
				&& this.stop.value() > this.start.value()) {
			throw new InvalidRequestException(
					what + "cannot start at " + this.start + " and stop at " + this.stop + ", which comes after.",
					null);
		}
	}

	private long within(String option, long value, long most) {
		if (value < 1 || value > most) {
			throw new InvalidRequestException("Subscription option " + option + " of stream '" + this.stream + "' is "
					+ value + "; it must be between 1 and " + most + ".", null);
		}
		return value;
	}

	/** Tells the subscription that each message counts for itself. */
	record EachMessage(MessageHandler handler) implements BatchHandler {

		@Override
		public void onMessages(List<ReceivedMessage<byte[]>> messages) throws Exception {
			for (ReceivedMessage<byte[]> message : messages) {
				this.handler.onMessage(message);
			}
		}

		@Override
		public void onFilteredOut(long offset) throws Exception {
			this.handler.onFilteredOut(offset);
		}

		@Override
		public boolean onMalformed(MalformedEntryException malformed) throws Exception {
			return this.handler.onMalformed(malformed);
		}

	}

}
