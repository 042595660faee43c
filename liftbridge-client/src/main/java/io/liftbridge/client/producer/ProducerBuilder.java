package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.stream.StreamNames;
import org.jspecify.annotations.Nullable;

/**
 * Collects what a producer needs to know. Not safe for use by several threads.
 */
public final class ProducerBuilder {

	/**
	 * Messages are sent again as often as it takes within the acknowledgement timeout.
	 */
	public static final int UNLIMITED = Integer.MAX_VALUE;

	private static final int MAX_NAME = 255;

	private static final int MAX_ENTRY = 64 << 20;

	private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

	private final Function<ProducerOptions, Producer> factory;

	private final String stream;

	private Partitioner partitioner = Partitioners.keyHashOrRoundRobin();

	private @Nullable AckPolicy ackPolicy;

	private Duration ackTimeout = Duration.ofSeconds(30);

	private Duration enqueueTimeout = Duration.ofSeconds(10);

	private int maxInFlight = 10_000;

	private long maxInFlightBytes = 64L << 20;

	private @Nullable Executor completionExecutor;

	private ProducerListener listener = ProducerListener.NONE;

	private ProducerListener further = ProducerListener.NONE;

	private String name = "";

	private @Nullable Executor executor;

	private Ordering ordering = Ordering.STRICT;

	private int retries = UNLIMITED;

	private BatchOptions batching = BatchOptions.NONE;

	/** Whether the user wants no batches, or just has not said anything. */
	private boolean batchGiven;

	private CompressionOptions compression = CompressionOptions.NONE;

	private @Nullable ProducerMetrics metrics;

	private ExactOptions exact = ExactOptions.NONE;

	private int largeMessages;

	/**
	 * For use inside the client.
	 * @param stream the stream's name
	 * @param factory creates the producer
	 * @throws InvalidRequestException if the name is not allowed, or one of the server's
	 * own
	 */
	public ProducerBuilder(String stream, Function<ProducerOptions, Producer> factory) {
		this.stream = StreamNames.checkOwnStream(stream);
		this.factory = factory;
	}

	/**
	 * Chooses partitions for messages that do not ask for one.
	 * @param partitioner default {@link Partitioners#keyHashOrRoundRobin()}
	 * @return this builder
	 */
	public ProducerBuilder partitioner(Partitioner partitioner) {
		this.partitioner = given("partitioner", partitioner);
		return this;
	}

	/**
	 * Sets when the server acknowledges a message that has no policy of its own.
	 * @param policy default {@link AckPolicy#LEADER}, with {@link #idempotence}
	 * {@link AckPolicy#ALL}
	 * @return this builder
	 */
	public ProducerBuilder ackPolicy(AckPolicy policy) {
		this.ackPolicy = given("ackPolicy", policy);
		return this;
	}

	/**
	 * Sets how long after {@code send} a message without acknowledgement fails. Lost
	 * connections are repaired and messages sent again within this time. With
	 * {@link BatchSize#fixed} the time for which a batch waits for more messages does not
	 * count: it runs from when the batch is full, has lingered or is wanted. The time
	 * spent waiting behind other batches counts.
	 * @param timeout default 30 s, at most 365 days
	 * @return this builder
	 */
	public ProducerBuilder ackTimeout(Duration timeout) {
		this.ackTimeout = Bounds.positive("Producer option ackTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Sets how long {@code send} waits for room, and for the first answer of a broker.
	 * @param timeout default 10 s, at most 365 days
	 * @return this builder
	 */
	public ProducerBuilder enqueueTimeout(Duration timeout) {
		this.enqueueTimeout = Bounds.positive("Producer option enqueueTimeout", timeout, Bounds.YEAR);
		return this;
	}

	/**
	 * Sets how many messages may be on their way.
	 * @param messages default 10000
	 * @return this builder
	 */
	public ProducerBuilder maxInFlight(int messages) {
		this.maxInFlight = (int) positive("maxInFlight", messages);
		return this;
	}

	/**
	 * Sets how many bytes may be on their way. A single message may always be.
	 * @param bytes default 64 MiB
	 * @return this builder
	 */
	public ProducerBuilder maxInFlightBytes(long bytes) {
		this.maxInFlightBytes = positive("maxInFlightBytes", bytes);
		return this;
	}

	/**
	 * Sets who completes futures and calls the listener.
	 * @param executor runs tasks in the order of their submission; default: one thread of
	 * the producer's own
	 * @return this builder
	 */
	public ProducerBuilder completionExecutor(Executor executor) {
		this.completionExecutor = given("completionExecutor", executor);
		return this;
	}

	/**
	 * Is told the fate of each message.
	 * @param listener the listener
	 * @return this builder
	 */
	public ProducerBuilder listener(ProducerListener listener) {
		this.listener = given("listener", listener);
		return this;
	}

	/**
	 * Is told the fate of each message as well, before the one of
	 * {@link #listener(ProducerListener)}, and stays whatever takes the place of that.
	 * @param listener the listener
	 * @return this builder
	 */
	public ProducerBuilder addListener(ProducerListener listener) {
		this.further = BothListeners.of(this.further, given("listener", listener));
		return this;
	}

	/**
	 * Counts what the producer does.
	 * @param metrics in place of the client's; {@link ProducerMetrics#NONE} for none.
	 * Default: the client's
	 * @return this builder
	 */
	public ProducerBuilder metrics(ProducerMetrics metrics) {
		this.metrics = given("metrics", metrics);
		return this;
	}

	/**
	 * Names the producer, for those who look at a system with many.
	 * @param name 1 to 255 printable characters; default: none
	 * @return this builder
	 */
	public ProducerBuilder name(String name) {
		boolean printable = given("name", name).codePoints().noneMatch(Character::isISOControl);
		if (name.isBlank() || name.length() > MAX_NAME || !printable) {
			throw new InvalidRequestException("Producer option name is '" + (printable ? name : "unprintable")
					+ "'; it must be 1 to " + MAX_NAME + " printable characters.", null);
		}
		this.name = name;
		return this;
	}

	/**
	 * Numbers messages, so that it is known after a restart which of them are stored, and
	 * readers can leave out what was stored twice
	 * ({@link io.liftbridge.client.consumer.Deduplicator}). Each message carries this
	 * producer's name and its number, either the user's own
	 * ({@link io.liftbridge.client.message.Message.Builder#publishingId}) or one of the
	 * producer's. With the first message the ends of all partitions are read, up to 10000
	 * messages each, for the last number under this name.
	 * @param publishingIds default {@code false}; needs {@link #name}, which no other
	 * producer of the stream may have at the same time
	 * @return this builder
	 */
	public ProducerBuilder publishingIds(boolean publishingIds) {
		this.exact = this.exact.publishingIds(publishingIds);
		return this;
	}

	/**
	 * Stores each message exactly once and in order, whatever happens to connections and
	 * brokers. Only for streams with
	 * {@link io.liftbridge.client.stream.StreamSpec#optimisticConcurrency}; each
	 * partition must have this one writer. Each message expects an offset. After an
	 * unknown outcome the end of the partition is read back, what is there counts as
	 * stored, and the rest is sent again. If somebody else has written, all messages to
	 * that partition fail from then on with
	 * {@link io.liftbridge.client.message.IncorrectOffsetException}, until another
	 * producer is started. On a stream without concurrency control the first message of
	 * each partition is stored but fails, and says so; nothing else is sent.
	 * @param idempotence default {@code false}; needs {@link AckPolicy#ALL}, or
	 * {@link AckPolicy#LEADER} where it does not matter what a leader loses that goes
	 * away, and unlimited {@link #retries}
	 * @return this builder
	 */
	public ProducerBuilder idempotence(boolean idempotence) {
		this.exact = this.exact.idempotence(idempotence);
		return this;
	}

	/**
	 * Compresses values, which this client's consumers decompress by themselves. Key and
	 * headers stay as they are. The limit on the size of messages is for what remains.
	 * @param compression default {@link Compression#NONE}; Gufo can read
	 * {@link Compression#ZLIB} and {@link Compression#LZMA}, other clients none
	 * @return this builder
	 */
	public ProducerBuilder compression(Compression compression) {
		this.compression = this.compression.compression(given("compression", compression));
		return this;
	}

	/**
	 * Leaves short values as they are, unless their message says otherwise
	 * ({@link io.liftbridge.client.message.Message.Builder#compress}).
	 * @param bytes length from which on values are compressed; default 0: all, even where
	 * that makes them longer
	 * @return this builder
	 * @throws InvalidRequestException if it is negative
	 */
	public ProducerBuilder compressionThreshold(int bytes) {
		if (bytes < 0) {
			throw new InvalidRequestException(
					"Producer option compressionThreshold is " + bytes + "; it must be 0 or more.", null);
		}
		this.compression = this.compression.threshold(bytes);
		return this;
	}

	/**
	 * Sets when messages that were sent one after the other go on their way together.
	 * @param size default {@link BatchSize#none()}, which is the quickest unless messages
	 * are stored as batch entries
	 * @return this builder
	 */
	public ProducerBuilder batch(BatchSize size) {
		this.batching = this.batching.size(given("batch", size));
		this.batchGiven = true;
		return this;
	}

	/**
	 * Sets how many batches of a partition may be on their way. With one more that is
	 * full, {@code send} blocks.
	 * @param batches default 2
	 * @return this builder
	 */
	public ProducerBuilder maxBatches(int batches) {
		this.batching = this.batching.maxBatches((int) positive("maxBatches", batches));
		return this;
	}

	/**
	 * Sets how long after its first message a batch of a fixed size goes on its way that
	 * is not full.
	 * @param time at most 365 days; default: no bound
	 * @return this builder
	 */
	public ProducerBuilder linger(Duration time) {
		this.batching = this.batching.linger(Bounds.positive("Producer option linger", time, Bounds.YEAR));
		return this;
	}

	/**
	 * Sets how many bytes make a batch full, keys, values and headers together. A single
	 * message may be larger.
	 * @param bytes default 1 MiB
	 * @return this builder
	 */
	public ProducerBuilder maxBatchBytes(int bytes) {
		this.batching = this.batching.maxBatchBytes((int) positive("maxBatchBytes", bytes));
		return this;
	}

	/**
	 * Stores messages that are collected in the same batch as batch entries: one message
	 * of the server carries many. Much quicker, but only this client can read it. Must
	 * not be used on compacted streams if messages have keys: the server does not see
	 * these. A message that is alone in its batch is stored as usual.
	 * @param maxRecords how many messages share an entry at the most; default: no batch
	 * entries. Without {@link #batch} batches are {@link BatchSize#adaptive()} then;
	 * {@link BatchSize#none()} cannot go with it. No entry has more than
	 * {@link #maxInFlight} records
	 * @return this builder
	 */
	public ProducerBuilder batchEntries(int maxRecords) {
		this.batching = this.batching.maxRecords((int) positive("batchEntries", maxRecords));
		return this;
	}

	/**
	 * Sets how many bytes share a batch entry before it is compressed. One that is over
	 * the server's limit after that becomes two.
	 * @param maxBytes default 512 KiB, at most 64 MiB, which readers take by default
	 * @return this builder
	 */
	public ProducerBuilder batchEntryBytes(int maxBytes) {
		if (positive("batchEntryBytes", maxBytes) > MAX_ENTRY) {
			throw new InvalidRequestException("Producer option batchEntryBytes is " + maxBytes + "; it must be at most "
					+ MAX_ENTRY + ", as readers refuse larger entries.", null);
		}
		this.batching = this.batching.maxEntryBytes(maxBytes);
		return this;
	}

	/**
	 * Stores messages over the server's limit (the client's {@code maxMessageBytes}) in
	 * chunks, up to a limit of their own. They are compressed first if they are at all.
	 * This client's consumers put them together; other clients get the chunks. The future
	 * completes when all chunks are stored, with the acknowledgement of the one with the
	 * highest offset, where consumers get the message. If one fails it fails with a
	 * {@link io.liftbridge.client.message.LargeMessageException}, and consumers do not
	 * get the message. Counts as one message on its way, with all of its bytes.
	 * <p>
	 * The key travels in a header, so that compaction removes no chunks, but no large
	 * message that is superseded either.
	 * @param maxBytes most bytes of a message with key and headers, as it is sent, at
	 * most {@code maxInFlightBytes}; default: none, so that a message over the server's
	 * limit is refused. Readers take 64 MiB by default
	 * @return this builder
	 */
	public ProducerBuilder largeMessages(long maxBytes) {
		if (positive("largeMessages", maxBytes) > MOST_BYTES) {
			throw new InvalidRequestException("Producer option largeMessages is " + maxBytes + "; it must be at most "
					+ MOST_BYTES + ", as readers put messages together in one array.", null);
		}
		this.largeMessages = (int) maxBytes;
		return this;
	}

	/**
	 * Sets who does the producer's own work: handing over batches, and admitting messages
	 * of {@code sendAsync} that wait for room. None of it blocks.
	 * @param executor any, of any number of threads, also virtual ones; default: one
	 * thread of the producer's own, which ends when idle
	 * @return this builder
	 */
	public ProducerBuilder executor(Executor executor) {
		this.executor = given("executor", executor);
		return this;
	}

	/**
	 * Sets whether messages may overtake each other.
	 * @param ordering default {@link Ordering#STRICT}
	 * @return this builder
	 */
	public ProducerBuilder ordering(Ordering ordering) {
		this.ordering = given("ordering", ordering);
		return this;
	}

	/**
	 * Sets how many times a message is sent again of which it is not known whether it was
	 * stored, because the connection was lost or the broker is silent. After that it
	 * fails with {@link io.liftbridge.client.message.LiftbridgeException.Outcome
	 * INDETERMINATE}. Messages that did not leave this process are not counted.
	 * @param retries default {@link #UNLIMITED} within the acknowledgement timeout; 0
	 * stores no message twice
	 * @return this builder
	 */
	public ProducerBuilder retries(int retries) {
		if (retries < 0) {
			throw new InvalidRequestException("Producer option retries is " + retries + "; it must be 0 or more.",
					null);
		}
		this.retries = retries;
		return this;
	}

	/**
	 * Names the header that tells how a value is compressed; consumers must be told the
	 * same. A message that has it already is not compressed again.
	 * @param name default {@link io.liftbridge.client.entry.EntryHeaders#ENCODING}
	 * @return this builder
	 * @throws InvalidRequestException if it is empty or has another meaning
	 */
	public ProducerBuilder encodingHeader(String name) {
		this.compression = this.compression.encodingHeader(EntryOptions.checkHeader(given("encodingHeader", name)));
		return this;
	}

	/**
	 * Creates the producer. It connects with the first message.
	 * @return the producer, to be closed by the caller or with the client
	 * @throws InvalidRequestException if options cannot work together, or if there is no
	 * codec for the compression, or no such level, or its library is missing
	 */
	public Producer build() {
		return this.factory.apply(options());
	}

	ProducerOptions options() {
		if (this.batchGiven && this.batching.hasEntries() && !this.batching.isOn()) {
			throw new InvalidRequestException("Producer option batchEntries is " + this.batching.maxRecords()
					+ ", but batch is " + this.batching.size() + ": only messages that are collected share an entry."
					+ " Leave batch out or set it to BatchSize.adaptive(), or leave batchEntries out.", null);
		}
		AckPolicy usual = this.exact.idempotence() ? AckPolicy.ALL : AckPolicy.LEADER;
		AckPolicy policy = (this.ackPolicy != null) ? this.ackPolicy : usual;
		return new ProducerOptions(this.stream, this.partitioner, policy, this.ackTimeout, this.enqueueTimeout,
				this.maxInFlight, this.maxInFlightBytes, this.completionExecutor,
				BothListeners.of(this.further, this.listener), this.name, this.executor, this.ordering, this.retries,
				this.batching.check(this.maxInFlight), this.compression,
				this.exact.check(this.name, policy, this.retries), this.largeMessages, this.metrics);
	}

	private static <T> T given(String option, @Nullable T value) {
		if (value == null) {
			throw new InvalidRequestException("Producer option " + option + " is null; leave it out for its default.",
					null);
		}
		return value;
	}

	private static long positive(String option, long value) {
		if (value < 1) {
			throw new InvalidRequestException("Producer option " + option + " is " + value + "; it must be 1 or more.",
					null);
		}
		return value;
	}

}
