package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;

/**
 * Options of a container. Set them before the container is created; not safe for use by
 * several threads.
 */
public class ContainerProperties {

	private static final Duration LONGEST = Duration.ofDays(1);

	private List<String> streams = List.of();

	private PartitionSelection partitions = PartitionSelection.all();

	private Supplier<StartPosition> startPosition = StartPosition::newOnly;

	private @Nullable PartitionStart partitionStart;

	private @Nullable String cursorId;

	private CursorConvention cursorConvention = CursorConvention.LAST_PROCESSED;

	private AckMode ackMode = AckMode.RECORD;

	private int concurrency = 1;

	private int batchSize = 500;

	private int prefetch = 1000;

	private long prefetchBytes = 16L << 20;

	private String encodingHeader = EntryHeaders.ENCODING;

	private int maxUncompressedBytes = 64 << 20;

	private int maxLargeMessageBytes = 64 << 20;

	private Duration largeMessageTimeout = Duration.ofMinutes(2);

	private UnknownEncoding unknownEncoding = UnknownEncoding.FAIL;

	private boolean autoStartup = true;

	private boolean resumePaused = true;

	private Duration shutdownTimeout = Duration.ofSeconds(10);

	private Duration cursorInterval = Duration.ofMillis(100);

	private Duration lagInterval = Duration.ofSeconds(10);

	private Duration maxRecoveryPause = Duration.ofSeconds(5);

	/**
	 * Creates options with their defaults.
	 */
	public ContainerProperties() {
	}

	/**
	 * Creates a copy.
	 * @param other what to copy
	 */
	public ContainerProperties(ContainerProperties other) {
		this.streams = other.streams;
		this.partitions = other.partitions;
		this.startPosition = other.startPosition;
		this.partitionStart = other.partitionStart;
		this.cursorId = other.cursorId;
		this.cursorConvention = other.cursorConvention;
		this.ackMode = other.ackMode;
		this.concurrency = other.concurrency;
		this.batchSize = other.batchSize;
		this.prefetch = other.prefetch;
		this.prefetchBytes = other.prefetchBytes;
		this.encodingHeader = other.encodingHeader;
		this.maxUncompressedBytes = other.maxUncompressedBytes;
		this.unknownEncoding = other.unknownEncoding;
		this.maxLargeMessageBytes = other.maxLargeMessageBytes;
		this.largeMessageTimeout = other.largeMessageTimeout;
		this.autoStartup = other.autoStartup;
		this.resumePaused = other.resumePaused;
		this.shutdownTimeout = other.shutdownTimeout;
		this.cursorInterval = other.cursorInterval;
		this.lagInterval = other.lagInterval;
		this.maxRecoveryPause = other.maxRecoveryPause;
	}

	public List<String> getStreams() {
		return this.streams;
	}

	/**
	 * Names the streams to read.
	 * @param streams the streams' names, at least one; a name given twice counts once
	 */
	public void setStreams(List<String> streams) {
		this.streams = streams.stream().distinct().toList();
	}

	public PartitionSelection getPartitions() {
		return this.partitions;
	}

	/**
	 * Selects the partitions to read, of each stream.
	 * @param partitions default: all
	 */
	public void setPartitions(PartitionSelection partitions) {
		this.partitions = partitions;
	}

	public Supplier<StartPosition> getStartPosition() {
		return this.startPosition;
	}

	/**
	 * Sets where reading begins when no cursor is stored.
	 * @param startPosition asked at each start; default: new messages only
	 */
	public void setStartPosition(Supplier<StartPosition> startPosition) {
		this.startPosition = startPosition;
	}

	public @Nullable PartitionStart getPartitionStart() {
		return this.partitionStart;
	}

	/**
	 * Sets what tells where the reading of each partition begins. Only in ack mode NONE:
	 * elsewhere cursors do.
	 * @param partitionStart default {@code null}: the start position
	 */
	public void setPartitionStart(@Nullable PartitionStart partitionStart) {
		this.partitionStart = partitionStart;
	}

	public @Nullable String getCursorId() {
		return this.cursorId;
	}

	/**
	 * Names the cursor in which positions are stored, with every ack mode but NONE.
	 * @param cursorId default: the listener's id
	 */
	public void setCursorId(@Nullable String cursorId) {
		this.cursorId = cursorId;
	}

	public CursorConvention getCursorConvention() {
		return this.cursorConvention;
	}

	/**
	 * Sets what the number in a cursor means.
	 * @param cursorConvention default {@link CursorConvention#LAST_PROCESSED}
	 */
	public void setCursorConvention(CursorConvention cursorConvention) {
		this.cursorConvention = cursorConvention;
	}

	public AckMode getAckMode() {
		return this.ackMode;
	}

	/**
	 * Sets when positions are stored.
	 * @param ackMode default {@link AckMode#RECORD}
	 */
	public void setAckMode(AckMode ackMode) {
		this.ackMode = ackMode;
	}

	public int getConcurrency() {
		return this.concurrency;
	}

	/**
	 * Sets how many partitions are worked at the same time.
	 * @param concurrency 1 (default) and above; more than there are partitions is of no
	 * use
	 */
	public void setConcurrency(int concurrency) {
		this.concurrency = positive("concurrency", concurrency);
	}

	public int getBatchSize() {
		return this.batchSize;
	}

	/**
	 * Sets how many messages a batch listener receives at the most, and how many are
	 * fetched together in ack mode BATCH.
	 * @param batchSize default 500
	 */
	public void setBatchSize(int batchSize) {
		this.batchSize = positive("batchSize", batchSize);
	}

	public int getPrefetch() {
		return this.prefetch;
	}

	/**
	 * Sets how many messages per partition may wait in memory.
	 * @param prefetch default 1000
	 */
	public void setPrefetch(int prefetch) {
		this.prefetch = positive("prefetch", prefetch);
	}

	public long getPrefetchBytes() {
		return this.prefetchBytes;
	}

	/**
	 * Sets how many bytes per partition may wait in memory, on the average.
	 * @param prefetchBytes default 16 MiB
	 */
	public void setPrefetchBytes(long prefetchBytes) {
		if (prefetchBytes < 1) {
			throw new IllegalArgumentException(
					"Listener option prefetchBytes is " + prefetchBytes + "; it must be 1 or more.");
		}
		this.prefetchBytes = prefetchBytes;
	}

	public String getEncodingHeader() {
		return this.encodingHeader;
	}

	/**
	 * Names the header that tells how a value is compressed.
	 * @param encodingHeader default {@code X-Msg-Encoding}, as Gufo and this client's
	 * producers have it
	 */
	public void setEncodingHeader(String encodingHeader) {
		this.encodingHeader = EntryOptions.checkHeader(encodingHeader);
	}

	public int getMaxUncompressedBytes() {
		return this.maxUncompressedBytes;
	}

	/**
	 * Sets how many bytes may come of one compressed message. One with more goes the way
	 * of messages that cannot be read.
	 * @param maxUncompressedBytes default 64 MiB
	 */
	public void setMaxUncompressedBytes(int maxUncompressedBytes) {
		this.maxUncompressedBytes = positive("maxUncompressedBytes", maxUncompressedBytes);
	}

	public int getMaxLargeMessageBytes() {
		return this.maxLargeMessageBytes;
	}

	/**
	 * Sets how many bytes a message may have that is put together of chunks. One with
	 * more goes the way of messages that cannot be read. Those of which chunks are
	 * missing share twice as many per partition.
	 * @param maxLargeMessageBytes default 64 MiB
	 */
	public void setMaxLargeMessageBytes(int maxLargeMessageBytes) {
		this.maxLargeMessageBytes = positive("maxLargeMessageBytes", maxLargeMessageBytes);
	}

	public Duration getLargeMessageTimeout() {
		return this.largeMessageTimeout;
	}

	/**
	 * Sets how long after a chunk of a message the next one may come.
	 * @param largeMessageTimeout default 2 min
	 */
	public void setLargeMessageTimeout(Duration largeMessageTimeout) {
		if (largeMessageTimeout.isNegative() || largeMessageTimeout.isZero()) {
			throw new IllegalArgumentException(
					"Listener option largeMessageTimeout is " + largeMessageTimeout + "; it must be positive.");
		}
		this.largeMessageTimeout = largeMessageTimeout;
	}

	public UnknownEncoding getUnknownEncoding() {
		return this.unknownEncoding;
	}

	/**
	 * Sets what becomes of messages whose compression is not known here.
	 * @param unknownEncoding default {@link UnknownEncoding#FAIL}: they go the way of
	 * messages that cannot be read
	 */
	public void setUnknownEncoding(UnknownEncoding unknownEncoding) {
		this.unknownEncoding = unknownEncoding;
	}

	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	/**
	 * Sets whether the container starts with the application.
	 * @param autoStartup default {@code true}
	 */
	public void setAutoStartup(boolean autoStartup) {
		this.autoStartup = autoStartup;
	}

	public boolean isResumePaused() {
		return this.resumePaused;
	}

	/**
	 * Sets whether partitions that are paused on the server are resumed; otherwise they
	 * are read once somebody publishes to them.
	 * @param resumePaused default {@code true}
	 */
	public void setResumePaused(boolean resumePaused) {
		this.resumePaused = resumePaused;
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	/**
	 * Sets how long stopping waits for listeners and for positions to be stored.
	 * @param shutdownTimeout default 10 s, at most a day; keep it below
	 * spring.lifecycle.timeout-per- shutdown-phase
	 */
	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = notNegative("shutdownTimeout", shutdownTimeout);
	}

	public Duration getCursorInterval() {
		return this.cursorInterval;
	}

	/**
	 * Sets how much time is between two writes of a partition's position; those in
	 * between are bundled.
	 * @param cursorInterval default 100 ms, at most a day
	 */
	public void setCursorInterval(Duration cursorInterval) {
		this.cursorInterval = notNegative("cursorInterval", cursorInterval);
	}

	public Duration getLagInterval() {
		return this.lagInterval;
	}

	/**
	 * Sets how often the newest offset of each partition is looked up, for the lag.
	 * @param lagInterval default 10 s, at most a day; zero for never
	 */
	public void setLagInterval(Duration lagInterval) {
		this.lagInterval = notNegative("lagInterval", lagInterval);
	}

	public Duration getMaxRecoveryPause() {
		return this.maxRecoveryPause;
	}

	/**
	 * Sets the longest pause between attempts to begin, to store a position, or to put a
	 * message in the dead-letter stream.
	 * @param maxRecoveryPause default 5 s, from a millisecond to a day; the first pause
	 * is 250 ms
	 */
	public void setMaxRecoveryPause(Duration maxRecoveryPause) {
		if (maxRecoveryPause.compareTo(Duration.ofMillis(1)) < 0) {
			throw new IllegalArgumentException("Listener option maxRecoveryPause is " + maxRecoveryPause
					+ "; it must be 1 ms or more: without a pause a broker that is away is asked without end.");
		}
		this.maxRecoveryPause = notNegative("maxRecoveryPause", maxRecoveryPause);
	}

	private static int positive(String option, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must be 1 or more.");
		}
		return value;
	}

	private static Duration notNegative(String option, Duration value) {
		if (value.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must be " + LONGEST + " or less.");
		}
		if (value.isNegative()) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must not be negative.");
		}
		return value;
	}

}
