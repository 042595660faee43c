package io.liftbridge.embedded.disk;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * The beginning of a segment file, all numbers big-endian: 4 bytes "LBSG", 4 bytes
 * version, 8 bytes high watermark and 8 bytes timestamp of the log when the file was
 * begun, 4 bytes CRC-32C of all that.
 *
 * @param highWatermark offset of the newest committed message
 * @param lastTimestamp when a message was stored last, Unix time in nanoseconds
 */
record SegmentHeader(long highWatermark, long lastTimestamp) {

	static final int SIZE = 4 + 4 + 8 + 8 + 4;

	private static final int MAGIC = 0x4c425347;

	private static final int VERSION = 1;

	byte[] encode() {
		ByteBuffer buffer = ByteBuffer.allocate(SIZE);
		buffer.putInt(MAGIC).putInt(VERSION).putLong(this.highWatermark).putLong(this.lastTimestamp);
		buffer.putInt(RecordCodec.checksum(buffer.array(), 0, SIZE - 4));
		return buffer.array();
	}

	/**
	 * Reads a header.
	 * @param bytes as many as a header has
	 * @return the header, or {@code null} if it is not sound
	 */
	static @Nullable SegmentHeader decode(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		if (buffer.getInt(SIZE - 4) != RecordCodec.checksum(bytes, 0, SIZE - 4) || buffer.getInt() != MAGIC
				|| buffer.getInt() != VERSION) {
			return null;
		}
		return new SegmentHeader(buffer.getLong(), buffer.getLong());
	}

}
