package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.stream.StreamAdmin;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a consumer needs to know. Can be iterated itself, for reading to the end:
 *
 * <pre>{@code
 * for (ReceivedMessage<byte[]> message : client.consumer("orders").from(earliest()).until(latest())) { ... }
 * }</pre>
 *
 * Who may leave the loop early opens the consumer with {@link #open()} and closes it; it
 * would else be closed with the client only. Not safe for use by several threads.
 */
public final class ConsumerBuilder implements Iterable<ReceivedMessage<byte[]>> {

	private static final int MOST_MESSAGES = 1_000_000;

	private final String stream;

	private final StreamAdmin streams;

	private final Subscriptions subscriptions;

	private int[] partitions = new int[0];

	private StartPosition start = StartPosition.newOnly();

	private StopPosition stop = StopPosition.never();

	private @Nullable String cursorId;

	private CursorConvention convention = CursorConvention.LAST_PROCESSED;

	private @Nullable OffsetTracking tracking;

	private boolean reverse;

	private MessageFilter filter = MessageFilter.ALL;

	private boolean resumePaused;

	private boolean isrReplica;

	private int maxPoll = 500;

	private int prefetch = 1000;

	private EntryOptions entries = EntryOptions.DEFAULT;

	private java.util.function.@Nullable Consumer<MalformedEntryException> malformed;

	/**
	 * For use inside the client.
	 * @param stream the stream's name
	 * @param streams tells the number of partitions
	 * @param subscriptions starts subscriptions
	 */
	public ConsumerBuilder(String stream, StreamAdmin streams, Subscriptions subscriptions) {
		this.stream = StreamNames.checkStream(stream);
		this.streams = streams;
		this.subscriptions = subscriptions;
	}

	/**
	 * Sets the partition to read.
	 * @param partition its number, 0 and above
	 * @return this builder
	 */
	public ConsumerBuilder partition(int partition) {
		return partitions(partition);
	}

	/**
	 * Sets the partitions to read.
	 * @param partitions their numbers, 0 and above; default, and if there are none: all
	 * that the stream has when reading begins
	 * @return this builder
	 * @throws InvalidRequestException if one is negative
	 */
	public ConsumerBuilder partitions(int... partitions) {
		for (int partition : partitions) {
			if (partition < 0) {
				throw new InvalidRequestException(
						"Partition " + partition + " of stream '" + this.stream + "' is negative.", null);
			}
		}
		this.partitions = IntStream.of(partitions).distinct().toArray();
		return this;
	}

	/**
	 * Sets where reading begins, in each partition.
	 * @param start default {@link StartPosition#newOnly()}
	 * @return this builder
	 */
	public ConsumerBuilder from(StartPosition start) {
		this.start = start;
		return this;
	}

	/**
	 * Keeps the position of each partition in a cursor on the server, as
	 * {@link SubscriptionBuilder#cursor(String)} does: reading goes on behind the last
	 * processed message, and at {@link #from} only if nothing is stored. When a message
	 * counts as processed is said at {@link Consumer}.
	 * @param id the cursor's id; by default there is no cursor
	 * @return this builder
	 * @throws InvalidRequestException if the server would not take the id
	 */
	public ConsumerBuilder cursor(String id) {
		return cursor(id, CursorConvention.LAST_PROCESSED);
	}

	/**
	 * Keeps the position of each partition in a cursor on the server.
	 * @param id the cursor's id
	 * @param convention what the number in it means, default
	 * {@link CursorConvention#LAST_PROCESSED}. Under {@link CursorConvention#NEXT_OFFSET}
	 * a stored 0 says the same as nothing
	 * @return this builder
	 * @throws InvalidRequestException if the server would not take the id
	 */
	public ConsumerBuilder cursor(String id, CursorConvention convention) {
		this.cursorId = StreamNames.checkCursor(id);
		this.convention = convention;
		return this;
	}

	/**
	 * Sets when positions are stored in the cursors. By hand they are stored by
	 * {@link Consumer#commit()}.
	 * @param tracking default {@link OffsetTracking#DEFAULT}; with
	 * {@link OffsetTracking#none()} cursors are neither read nor stored
	 * @return this builder
	 */
	public ConsumerBuilder tracking(OffsetTracking tracking) {
		this.tracking = tracking;
		return this;
	}

	/**
	 * Sets where reading ends, in each partition.
	 * @param stop default {@link StopPosition#never()}
	 * @return this builder
	 */
	public ConsumerBuilder until(StopPosition stop) {
		this.stop = stop;
		return this;
	}

	/**
	 * Reads from new to old: from the start, which is the newest message if none was
	 * given, down to the oldest one or the stop, and ends there. Never waits for new
	 * messages. Starting at a time begins with the first message from then on, or with
	 * the newest if there is none; a stop at a time is the first message from then on.
	 * With a server that is too old for it the consumer fails with a
	 * {@link io.liftbridge.client.message.ReverseReadUnsupportedException}.
	 * @return this builder
	 */
	public ConsumerBuilder reverse() {
		this.reverse = true;
		return this;
	}

	/**
	 * Leaves out messages by a header. Messages are filtered here, not by the server.
	 * Several headers must all fit. Cursors go beyond what is left out; with
	 * {@link OffsetTracking#manual()} nothing has to be committed for it: the next
	 * message of the partition that is committed covers it, and {@link Consumer#commit()}
	 * goes beyond it.
	 * @param header the header's name
	 * @param values the values of which it must have one, as UTF-8
	 * @return this builder
	 * @throws InvalidRequestException if there are no values
	 */
	public ConsumerBuilder filter(String header, String... values) {
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
	public ConsumerBuilder filter(Predicate<? super ReceivedMessage<byte[]>> condition) {
		this.filter = this.filter.and(condition);
		return this;
	}

	/**
	 * Sets whether messages without a header that is filtered by are delivered.
	 * @param match default {@code false}
	 * @return this builder
	 */
	public ConsumerBuilder matchUnfiltered(boolean match) {
		this.filter = this.filter.matchUnfiltered(match);
		return this;
	}

	/**
	 * Sets whether a paused partition is resumed, at the start and later.
	 * @param resume default {@code false}: reading a paused partition fails with
	 * {@link io.liftbridge.client.message.StreamPausedException}
	 * @return this builder
	 */
	public ConsumerBuilder resumePaused(boolean resume) {
		this.resumePaused = resume;
		return this;
	}

	/**
	 * Sets whether in-sync followers may be read, which relieves the leader. They deliver
	 * a little later.
	 * @param allowed default {@code false}
	 * @return this builder
	 */
	public ConsumerBuilder readIsrReplica(boolean allowed) {
		this.isrReplica = allowed;
		return this;
	}

	/**
	 * Sets how many messages {@link Consumer#poll} returns at the most.
	 * @param messages 1 to 1,000,000, default 500
	 * @return this builder
	 * @throws InvalidRequestException if there are fewer or more
	 */
	public ConsumerBuilder maxPoll(int messages) {
		if (messages < 1 || messages > MOST_MESSAGES) {
			throw new InvalidRequestException("Consumer option maxPoll of stream '" + this.stream + "' is " + messages
					+ "; it must be between 1 and " + MOST_MESSAGES + ".", null);
		}
		this.maxPoll = messages;
		return this;
	}

	/**
	 * Sets how many messages of each partition may wait in memory.
	 * @param messages 1 to 1,000,000, default 1000
	 * @return this builder
	 */
	public ConsumerBuilder prefetch(int messages) {
		this.prefetch = messages;
		return this;
	}

	/**
	 * Names the header that tells how a value is compressed.
	 * @param name default {@link EntryHeaders#ENCODING}, as Gufo and this client's
	 * producers have it
	 * @return this builder
	 * @throws InvalidRequestException if it is empty or has another meaning
	 */
	public ConsumerBuilder encodingHeader(String name) {
		this.entries = this.entries.encodingHeader(name);
		return this;
	}

	/**
	 * Sets how many bytes may come of one compressed message. One with more is malformed.
	 * @param bytes 1 and above, default 64 MiB
	 * @return this builder
	 * @throws InvalidRequestException if it is less
	 */
	public ConsumerBuilder maxUncompressedBytes(int bytes) {
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
	public ConsumerBuilder maxLargeMessageBytes(int bytes) {
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
	public ConsumerBuilder largeMessageTimeout(Duration time) {
		this.entries = this.entries.largeMessageTimeout(time);
		return this;
	}

	/**
	 * Sets what becomes of messages whose compression is not known here.
	 * @param treatment default {@link UnknownEncoding#FAIL}: they are malformed
	 * @return this builder
	 */
	public ConsumerBuilder unknownEncoding(UnknownEncoding treatment) {
		this.entries = this.entries.unknownEncoding(treatment);
		return this;
	}

	/**
	 * Sets whether values are decompressed, batches taken apart and chunks put together.
	 * @param unpack default {@code true}; {@code false} delivers messages as they are
	 * stored
	 * @return this builder
	 */
	public ConsumerBuilder unpack(boolean unpack) {
		this.entries = this.entries.unpack(unpack);
		return this;
	}

	/**
	 * Is told of messages that could not be unpacked and are passed over.
	 * @param action what to do; runs on a thread of the client and should not block.
	 * Default: logs at WARN
	 * @return this builder
	 */
	public ConsumerBuilder onMalformed(java.util.function.Consumer<MalformedEntryException> action) {
		this.malformed = action;
		return this;
	}

	/**
	 * Begins to read. Asks a broker for the number of partitions if none were named, and
	 * else returns at once.
	 * @return the consumer, to be closed by the caller or with the client
	 * @throws InvalidRequestException if nothing can lie between start and stop, or
	 * cursors are to be kept of reading in reverse
	 * @throws StreamNotFoundException if the stream does not exist; if partitions were
	 * named, {@link Consumer#poll} throws it
	 */
	public Consumer open() {
		int[] wanted = (this.partitions.length > 0) ? this.partitions
				: IntStream.range(0, this.streams.describe(this.stream).partitions().size()).toArray();
		PullConsumer consumer = new PullConsumer("Consumer of stream '" + this.stream + "'", this.maxPoll,
				this.malformed, this.subscriptions);
		consumer.open(IntStream.of(wanted).mapToObj((partition) -> subscribe(partition, consumer)).toList());
		return consumer;
	}

	/**
	 * Begins to read, and iterates.
	 * @return an iterator, see {@link Consumer#iterator()}
	 */
	@Override
	public Iterator<ReceivedMessage<byte[]>> iterator() {
		return open().iterator();
	}

	private SubscriptionBuilder subscribe(int partition, PullConsumer consumer) {
		return new SubscriptionBuilder(this.stream, consumer::start).partition(partition)
			.from(this.start)
			.until(this.stop)
			.reading(this.reverse, this.filter, this.entries)
			.pulling(this.cursorId, this.convention, this.tracking)
			.resumePaused(this.resumePaused)
			.readIsrReplica(this.isrReplica)
			.prefetch(this.prefetch)
			.executor(consumer::work)
			.listener(consumer);
	}

}
