package io.liftbridge.boot.autoconfigure;

import java.time.Duration;

import io.liftbridge.client.entry.UnknownEncoding;

import org.springframework.util.unit.DataSize;

/**
 * What can be set under {@code liftbridge.consumer}: the defaults of each subscription.
 */
public class ConsumerProperties {

	/**
	 * Maximum number of messages per partition that wait in memory.
	 */
	private int prefetch = 1000;

	/**
	 * Size of messages per partition that wait in memory, kept on the average.
	 */
	private DataSize prefetchSize = DataSize.ofMegabytes(16);

	/**
	 * Header of a message that tells how its value is compressed.
	 */
	private String encodingHeader = "X-Msg-Encoding";

	/**
	 * Maximum size that one compressed message may have when it is unpacked.
	 */
	private DataSize maxUncompressedSize = DataSize.ofMegabytes(64);

	/**
	 * What becomes of a message whose compression is not known here.
	 */
	private UnknownEncoding unknownEncoding = UnknownEncoding.FAIL;

	/**
	 * Maximum size of a message that is put together of chunks.
	 */
	private DataSize maxLargeMessageSize = DataSize.ofMegabytes(64);

	/**
	 * Maximum time between two chunks of a message.
	 */
	private Duration largeMessageTimeout = Duration.ofMinutes(2);

	public int getPrefetch() {
		return this.prefetch;
	}

	public void setPrefetch(int prefetch) {
		this.prefetch = prefetch;
	}

	public DataSize getPrefetchSize() {
		return this.prefetchSize;
	}

	public void setPrefetchSize(DataSize prefetchSize) {
		this.prefetchSize = prefetchSize;
	}

	public String getEncodingHeader() {
		return this.encodingHeader;
	}

	public void setEncodingHeader(String encodingHeader) {
		this.encodingHeader = encodingHeader;
	}

	public DataSize getMaxUncompressedSize() {
		return this.maxUncompressedSize;
	}

	public void setMaxUncompressedSize(DataSize maxUncompressedSize) {
		this.maxUncompressedSize = maxUncompressedSize;
	}

	public UnknownEncoding getUnknownEncoding() {
		return this.unknownEncoding;
	}

	public void setUnknownEncoding(UnknownEncoding unknownEncoding) {
		this.unknownEncoding = unknownEncoding;
	}

	public DataSize getMaxLargeMessageSize() {
		return this.maxLargeMessageSize;
	}

	public void setMaxLargeMessageSize(DataSize maxLargeMessageSize) {
		this.maxLargeMessageSize = maxLargeMessageSize;
	}

	public Duration getLargeMessageTimeout() {
		return this.largeMessageTimeout;
	}

	public void setLargeMessageTimeout(Duration largeMessageTimeout) {
		this.largeMessageTimeout = largeMessageTimeout;
	}

}
