package io.liftbridge.embedded.log;

import com.google.protobuf.ByteString;

/**
 * A message on its way into a log.
 */
public interface LogRecord {

	/**
	 * The offset this message must get in a log with concurrency control.
	 * @return the offset, or -1 for any
	 */
	long expectedOffset();

	/**
	 * The key that compaction goes by.
	 * @return the key, empty for none
	 */
	ByteString key();

	/**
	 * The bytes this message counts in its segment.
	 * @return the size in bytes, as it would be on a real broker's disk
	 */
	int storedSize();

	/**
	 * The message as it is delivered.
	 * @param offset the offset it got
	 * @param timestamp when it was stored, Unix time in nanoseconds
	 * @return the encoded message, never changed afterwards
	 */
	byte[] encode(long offset, long timestamp);

}
