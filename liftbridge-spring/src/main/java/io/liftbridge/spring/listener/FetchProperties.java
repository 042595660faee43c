package io.liftbridge.spring.listener;

import java.time.Duration;

import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryOptions;
import io.liftbridge.client.entry.UnknownEncoding;

/**
 * Options of a container that say how messages are fetched and unpacked. Not safe for use
 * by several threads.
 */
public abstract class FetchProperties {

	private int prefetch = 1000;

	private long prefetchBytes = 16L << 20;

	private String encodingHeader = EntryHeaders.ENCODING;

	private int maxUncompressedBytes = 64 << 20;

	private int maxLargeMessageBytes = 64 << 20;

	private Duration largeMessageTimeout = Duration.ofMinutes(2);

	private UnknownEncoding unknownEncoding = UnknownEncoding.FAIL;

	private boolean resumePaused = true;

	FetchProperties() {
	}

	FetchProperties(FetchProperties other) {
		this.prefetch = other.prefetch;
		this.prefetchBytes = other.prefetchBytes;
		this.encodingHeader = other.encodingHeader;
		this.maxUncompressedBytes = other.maxUncompressedBytes;
		this.maxLargeMessageBytes = other.maxLargeMessageBytes;
		this.largeMessageTimeout = other.largeMessageTimeout;
		this.unknownEncoding = other.unknownEncoding;
		this.resumePaused = other.resumePaused;
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

	static int positive(String option, int value) {
		if (value < 1) {
			throw new IllegalArgumentException(
					"Listener option " + option + " is " + value + "; it must be 1 or more.");
		}
		return value;
	}

}
