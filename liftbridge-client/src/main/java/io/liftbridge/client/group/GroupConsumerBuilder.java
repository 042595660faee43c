package io.liftbridge.client.group;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Predicate;

import io.liftbridge.client.consumer.BatchHandler;
import io.liftbridge.client.consumer.MessageHandler;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.SubscriptionBuilder;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a member of a group needs to know. Not safe for use by several threads.
 */
public final class GroupConsumerBuilder {

	private final String group;

	private final Function<GroupOptions, GroupConsumer> factory;

	private String consumerId = "";

	private List<String> streams = List.of();

	private boolean singleActive;

	private StartPosition start = StartPosition.newOnly();

	private OffsetTracking tracking = OffsetTracking.DEFAULT;

	private @Nullable Function<SubscriptionBuilder, SubscriptionBuilder> handler;

	private ConsumerUpdateListener listener = ConsumerUpdateListener.NONE;

	private Function<SubscriptionBuilder, SubscriptionBuilder> reading = (subscription) -> subscription;

	/**
	 * For use inside the client.
	 * @param group the group's name
	 * @param factory starts the member
	 */
	public GroupConsumerBuilder(String group, Function<GroupOptions, GroupConsumer> factory) {
		this.group = StreamNames.checkGroup(group);
		this.factory = factory;
	}

	/**
	 * Sets the streams to read. Members of one group may read different streams; each
	 * partition is read by one of those who have its stream.
	 * @param streams their names; they must exist
	 * @return this builder
	 */
	public GroupConsumerBuilder streams(String... streams) {
		this.streams = Arrays.stream(streams).map(StreamNames::checkStream).distinct().toList();
		return this;
	}

	/**
	 * Sets whether one member has all partitions of the streams while the others stand
	 * by. It is the one to which the server gives the first partition of the first stream
	 * by name; it may become another one whenever a member comes or goes. All members of
	 * the group must say the same and have the same streams.
	 * @param singleActive default {@code false}: the partitions are shared out
	 * @return this builder
	 */
	public GroupConsumerBuilder singleActive(boolean singleActive) {
		this.singleActive = singleActive;
		return this;
	}

	/**
	 * Names the member. Whoever is a member under this id already, such as a crashed twin
	 * whose time is not up, is made to leave: an id must not be used by two at a time.
	 * @param id the id; by the same rules as names of streams. Default: a random one
	 * @return this builder
	 */
	public GroupConsumerBuilder consumerId(String id) {
		this.consumerId = StreamNames.checkConsumer(id);
		return this;
	}

	/**
	 * Sets where to begin in a partition of which the group has processed nothing yet.
	 * All members of a group should say the same.
	 * @param start default {@link StartPosition#newOnly()}. What is new is decided by the
	 * first member that gets the partition, and kept in the cursor, so that the next one
	 * misses nothing.
	 * @return this builder
	 */
	public GroupConsumerBuilder from(StartPosition start) {
		this.start = start;
		return this;
	}

	/**
	 * Sets when positions are stored. The group's cursors have the id
	 * {@code __group:<name>}, which go-liftbridge uses, too.
	 * @param tracking default {@link OffsetTracking#DEFAULT}
	 * @return this builder
	 */
	public GroupConsumerBuilder tracking(OffsetTracking tracking) {
		this.tracking = tracking;
		return this;
	}

	/**
	 * Receives messages one by one: of one partition in order, of several at the same
	 * time.
	 * @param handler the handler
	 * @return this builder
	 */
	public GroupConsumerBuilder handler(MessageHandler handler) {
		this.handler = (subscription) -> subscription.handler(handler);
		return this;
	}

	/**
	 * Receives messages in lists, each of one partition.
	 * @param maxSize most messages in one list, 1 to 1,000,000
	 * @param handler the handler
	 * @return this builder
	 */
	public GroupConsumerBuilder batchHandler(int maxSize, BatchHandler handler) {
		this.handler = (subscription) -> subscription.batchHandler(maxSize, handler);
		return this;
	}

	/**
	 * Is told what becomes of the member, and may choose where partitions begin.
	 * @param listener the listener
	 * @return this builder
	 */
	public GroupConsumerBuilder listener(ConsumerUpdateListener listener) {
		this.listener = listener;
		return this;
	}

	/**
	 * Sets how many messages of each partition may wait in memory.
	 * @param messages 1 to 1,000,000, default 1000
	 * @return this builder
	 */
	public GroupConsumerBuilder prefetch(int messages) {
		return reading((subscription) -> subscription.prefetch(messages));
	}

	/**
	 * Sets how many bytes of each partition may wait in memory, on the average.
	 * @param bytes 1 to 1 TiB, default 16 MiB
	 * @return this builder
	 */
	public GroupConsumerBuilder prefetchBytes(long bytes) {
		return reading((subscription) -> subscription.prefetchBytes(bytes));
	}

	/**
	 * Sets whether paused partitions are resumed.
	 * @param resume default {@code false}: a paused partition counts as failed and is
	 * tried again
	 * @return this builder
	 */
	public GroupConsumerBuilder resumePaused(boolean resume) {
		return reading((subscription) -> subscription.resumePaused(resume));
	}

	/**
	 * Leaves out messages by a header, see
	 * {@link SubscriptionBuilder#filter(String, String...)}. The cursor goes beyond them.
	 * @param header the header's name
	 * @param values the values of which it must have one, as UTF-8
	 * @return this builder
	 */
	public GroupConsumerBuilder filter(String header, String... values) {
		return reading((subscription) -> subscription.filter(header, values));
	}

	/**
	 * Leaves out messages by a condition, see
	 * {@link SubscriptionBuilder#filter(Predicate)}. The cursor goes beyond them.
	 * @param condition tells whether a message is delivered
	 * @return this builder
	 */
	public GroupConsumerBuilder filter(Predicate<? super ReceivedMessage<byte[]>> condition) {
		return reading((subscription) -> subscription.filter(condition));
	}

	/**
	 * Sets whether messages without a header that is filtered by are delivered.
	 * @param match default {@code false}
	 * @return this builder
	 */
	public GroupConsumerBuilder matchUnfiltered(boolean match) {
		return reading((subscription) -> subscription.matchUnfiltered(match));
	}

	/**
	 * Names the header that tells how a value is compressed.
	 * @param name default {@link EntryHeaders#ENCODING}, as Gufo and this client's
	 * producers have it
	 * @return this builder
	 * @throws InvalidRequestException if it is empty or has another meaning
	 */
	public GroupConsumerBuilder encodingHeader(String name) {
		return reading((subscription) -> subscription.encodingHeader(name));
	}

	/**
	 * Sets how many bytes may come of one compressed message. One with more is malformed.
	 * @param bytes 1 and above, default 64 MiB
	 * @return this builder
	 * @throws InvalidRequestException if it is less
	 */
	public GroupConsumerBuilder maxUncompressedBytes(int bytes) {
		return reading((subscription) -> subscription.maxUncompressedBytes(bytes));
	}

	/**
	 * Sets how many bytes a message may have that is stored in chunks, before it is
	 * decompressed. One with more is malformed. Messages of which chunks are missing
	 * share twice as many; beyond that the oldest is malformed.
	 * @param bytes 1 and above, default 64 MiB
	 * @return this builder
	 * @throws InvalidRequestException if it is less
	 */
	public GroupConsumerBuilder maxLargeMessageBytes(int bytes) {
		return reading((subscription) -> subscription.maxLargeMessageBytes(bytes));
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
	public GroupConsumerBuilder largeMessageTimeout(Duration time) {
		return reading((subscription) -> subscription.largeMessageTimeout(time));
	}

	/**
	 * Sets what becomes of messages whose compression is not known here.
	 * @param treatment default {@link UnknownEncoding#FAIL}: they are malformed
	 * @return this builder
	 */
	public GroupConsumerBuilder unknownEncoding(UnknownEncoding treatment) {
		return reading((subscription) -> subscription.unknownEncoding(treatment));
	}

	/**
	 * Sets whether values are decompressed, batches taken apart and chunks put together.
	 * @param unpack default {@code true}; {@code false} delivers messages as they are
	 * stored
	 * @return this builder
	 */
	public GroupConsumerBuilder unpack(boolean unpack) {
		return reading((subscription) -> subscription.unpack(unpack));
	}

	/**
	 * Sets who runs the handler.
	 * @param executor as for {@link SubscriptionBuilder#executor}
	 * @return this builder
	 */
	public GroupConsumerBuilder executor(Executor executor) {
		return reading((subscription) -> subscription.executor(executor));
	}

	private GroupConsumerBuilder reading(Function<SubscriptionBuilder, SubscriptionBuilder> setting) {
		this.reading = this.reading.andThen(setting);
		return this;
	}

	/**
	 * Joins the group. Returns at once; {@link GroupConsumer#started()} tells when the
	 * member knows its partitions.
	 * @return the member, to be closed by the caller or with the client
	 * @throws InvalidRequestException if there is no handler or no stream, or a bound is
	 * broken
	 */
	public GroupConsumer start() {
		Function<SubscriptionBuilder, SubscriptionBuilder> receiver = this.handler;
		if (receiver == null) {
			throw new InvalidRequestException(
					"A member of group '" + this.group + "' needs a handler: call handler(...) or batchHandler(...).",
					null);
		}
		if (this.streams.isEmpty()) {
			throw new InvalidRequestException(
					"A member of group '" + this.group + "' needs streams: call streams(...).", null);
		}
		// What is out of bounds is said now, not when the first partition comes.
		SubscriptionBuilder trial = new SubscriptionBuilder(this.streams.get(0), (options) -> {
			throw new IllegalStateException("never started");
		});
		Function<SubscriptionBuilder, SubscriptionBuilder> complete = this.reading.andThen(receiver);
		complete.apply(trial);
		String id = this.consumerId.isEmpty() ? UUID.randomUUID().toString() : this.consumerId;
		return this.factory.apply(new GroupOptions(this.group, id, this.streams, this.singleActive, this.start,
				this.tracking, complete, this.listener));
	}

}
