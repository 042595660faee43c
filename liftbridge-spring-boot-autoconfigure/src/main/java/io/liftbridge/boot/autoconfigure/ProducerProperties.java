package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.producer.Ordering;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.producer}: the defaults of each producer.
 */
public class ProducerProperties {

	/**
	 * When the server acknowledges a message that has no policy of its own. With
	 * idempotence it is all if not set.
	 */
	private @Nullable AckPolicy ackPolicy;

	/**
	 * Time after which a message without acknowledgement fails. Lost connections are
	 * repaired and messages sent again within it.
	 */
	private Duration ackTimeout = Duration.ofSeconds(30);

	/**
	 * Maximum time that sending waits for room, and for the first answer of a broker.
	 */
	private Duration enqueueTimeout = Duration.ofSeconds(10);

	/**
	 * Maximum number of messages on their way per producer.
	 */
	private int maxInFlight = 10_000;

	/**
	 * Maximum size of all messages on their way per producer.
	 */
	private DataSize maxInFlightSize = DataSize.ofMegabytes(64);

	/**
	 * How partitions are chosen for messages that do not ask for one.
	 */
	private PartitionerType partitioner = PartitionerType.KEY_HASH_OR_ROUND_ROBIN;

	/**
	 * Name of producers in logs and meters. Meters say none if it is empty.
	 */
	private String name = "";

	/**
	 * Whether messages of a partition may overtake each other.
	 */
	private Ordering ordering = Ordering.STRICT;

	/**
	 * Maximum number of times that a message is sent again of which it is not known
	 * whether it was stored. Unlimited within the acknowledgement timeout if not set.
	 */
	private @Nullable Integer retries;

	/**
	 * How values are compressed: none, zlib, lzma, gzip, zstd, lz4, or the name of a
	 * codec of your own.
	 */
	private String compression = "none";

	/**
	 * Level of the compression. That of its library if not set.
	 */
	private @Nullable Integer compressionLevel;

	/**
	 * Size from which on values are compressed.
	 */
	private DataSize compressionThreshold = DataSize.ofBytes(0);

	/**
	 * Header of a message that tells how its value is compressed.
	 */
	private String encodingHeader = "X-Msg-Encoding";

	/**
	 * Whether each message is stored exactly once. For streams with optimistic
	 * concurrency control that nobody else writes to.
	 */
	private boolean idempotence;

	/**
	 * Whether messages are numbered, so that those stored twice can be left out. Needs a
	 * name that no other producer of the stream has.
	 */
	private boolean publishingIds;

	/**
	 * Maximum size of a message that is stored in chunks, because it is over
	 * liftbridge.max-message-size. If not set it is refused.
	 */
	private @Nullable DataSize maxLargeMessageSize;

	/**
	 * Batches of messages.
	 */
	@NestedConfigurationProperty
	private final BatchProperties batch = new BatchProperties();

	/**
	 * Batch entries.
	 */
	@NestedConfigurationProperty
	private final EntryProperties entry = new EntryProperties();

	public @Nullable AckPolicy getAckPolicy() {
		return this.ackPolicy;
	}

	public void setAckPolicy(@Nullable AckPolicy ackPolicy) {
		this.ackPolicy = ackPolicy;
	}

	public Duration getAckTimeout() {
		return this.ackTimeout;
	}

	public void setAckTimeout(Duration ackTimeout) {
		this.ackTimeout = ackTimeout;
	}

	public Duration getEnqueueTimeout() {
		return this.enqueueTimeout;
	}

	public void setEnqueueTimeout(Duration enqueueTimeout) {
		this.enqueueTimeout = enqueueTimeout;
	}

	public int getMaxInFlight() {
		return this.maxInFlight;
	}

	public void setMaxInFlight(int maxInFlight) {
		this.maxInFlight = maxInFlight;
	}

	public DataSize getMaxInFlightSize() {
		return this.maxInFlightSize;
	}

	public void setMaxInFlightSize(DataSize maxInFlightSize) {
		this.maxInFlightSize = maxInFlightSize;
	}

	public PartitionerType getPartitioner() {
		return this.partitioner;
	}

	public void setPartitioner(PartitionerType partitioner) {
		this.partitioner = partitioner;
	}

	public String getName() {
		return this.name;
	}

	public void setName(String name) {
		this.name = name;
	}

	public Ordering getOrdering() {
		return this.ordering;
	}

	public void setOrdering(Ordering ordering) {
		this.ordering = ordering;
	}

	public @Nullable Integer getRetries() {
		return this.retries;
	}

	public void setRetries(@Nullable Integer retries) {
		this.retries = retries;
	}

	public String getCompression() {
		return this.compression;
	}

	public void setCompression(String compression) {
		this.compression = compression;
	}

	public @Nullable Integer getCompressionLevel() {
		return this.compressionLevel;
	}

	public void setCompressionLevel(@Nullable Integer compressionLevel) {
		this.compressionLevel = compressionLevel;
	}

	public DataSize getCompressionThreshold() {
		return this.compressionThreshold;
	}

	public void setCompressionThreshold(DataSize compressionThreshold) {
		this.compressionThreshold = compressionThreshold;
	}

	public String getEncodingHeader() {
		return this.encodingHeader;
	}

	public void setEncodingHeader(String encodingHeader) {
		this.encodingHeader = encodingHeader;
	}

	public boolean isIdempotence() {
		return this.idempotence;
	}

	public void setIdempotence(boolean idempotence) {
		this.idempotence = idempotence;
	}

	public boolean isPublishingIds() {
		return this.publishingIds;
	}

	public void setPublishingIds(boolean publishingIds) {
		this.publishingIds = publishingIds;
	}

	public @Nullable DataSize getMaxLargeMessageSize() {
		return this.maxLargeMessageSize;
	}

	public void setMaxLargeMessageSize(@Nullable DataSize maxLargeMessageSize) {
		this.maxLargeMessageSize = maxLargeMessageSize;
	}

	public BatchProperties getBatch() {
		return this.batch;
	}

	public EntryProperties getEntry() {
		return this.entry;
	}

}
