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
		this(offset, timestamp, record.key(), record.storedSize(), record.encode(offset, timestamp));
	}

	/**
	 * Brings back a message that was stored before.
	 * @param offset the position in the partition
	 * @param timestamp when it was stored, Unix time in nanoseconds
	 * @param key the key, empty for none
	 * @param storedSize the bytes it counts in its segment
	 * @param message the encoded message, not copied
	 */
	public LogEntry(long offset, long timestamp, ByteString key, int storedSize, byte[] message) {
		this.offset = offset;
		this.timestamp = timestamp;
		this.key = key;
		this.storedSize = storedSize;
		this.message = message;
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

	/**
	 * The bytes this message counts in its segment.
	 * @return the size in bytes
	 */
	public int storedSize() {
		return this.storedSize;
	}

}
