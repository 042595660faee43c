package io.liftbridge.embedded.log;

import com.google.protobuf.ByteString;

/**
 * A stored message. Immutable; the array returned by {@link #message()} must not be
 * changed.
 */
public final class LogEntry {

	private final long offset;

	private final long timestamp;

	private final ByteString key;

	private final int storedSize;

	private final byte[] message;

	LogEntry(long offset, long timestamp, LogRecord record) {
		this.offset = offset;
		this.timestamp = timestamp;
		this.key = record.key();
		this.storedSize = record.storedSize();
		this.message = record.encode(offset, timestamp);
	}

	/**
	 * The position in the partition.
	 * @return the offset, 0 for the first message ever stored
	 */
	public long offset() {
		return this.offset;
	}

	/**
	 * When the message was stored.
	 * @return Unix time in nanoseconds; never decreases within a log
	 */
	public long timestamp() {
		return this.timestamp;
	}

	/**
	 * The key that compaction goes by.
	 * @return the key, empty for none
	 */
	public ByteString key() {
		return this.key;
	}

	/**
	 * The message as it is delivered.
	 * @return the encoded message, not a copy
	 */
	public byte[] message() {
		return this.message;
	}

	int storedSize() {
		return this.storedSize;
	}

}
