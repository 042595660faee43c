package io.liftbridge.embedded.disk;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

import com.google.protobuf.ByteString;
import io.liftbridge.embedded.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * How a message is written to a segment file, all numbers big-endian: 4 bytes length of
 * the body, 4 bytes CRC-32C of the body, then the body of 8 bytes offset, 8 bytes
 * timestamp, 1 byte flags (bit 0: committed), 4 bytes the size the message counts with, 4
 * bytes length of the key, the key, and the encoded message.
 */
final class RecordCodec {

	static final int FRAME = 4 + 4;

	private static final int FIXED = 8 + 8 + 1 + 4 + 4;

	private static final byte COMMITTED = 1;

	private RecordCodec() {
	}

	static byte[] encode(LogEntry entry, boolean committed) {
		int length = FIXED + entry.key().size() + entry.message().length;
		ByteBuffer buffer = ByteBuffer.allocate(FRAME + length);
		buffer.putInt(length).putInt(0);
		buffer.putLong(entry.offset()).putLong(entry.timestamp()).put(committed ? COMMITTED : 0);
		buffer.putInt(entry.storedSize()).putInt(entry.key().size());
		entry.key().copyTo(buffer);
		buffer.put(entry.message());
		buffer.putInt(4, checksum(buffer.array(), FRAME, length));
		return buffer.array();
	}

	/**
	 * Reads the next record.
	 * @param input where it begins
	 * @param remaining bytes until the end
	 * @return the record, or {@code null} if what follows is not a whole and sound one
	 */
	static @Nullable Decoded decode(DataInputStream input, long remaining) throws IOException {
		if (remaining < FRAME + FIXED) {
			return null;
		}
		int length = input.readInt();
		int checksum = input.readInt();
		if (length < FIXED || length > remaining - FRAME) {
			return null;
		}
		byte[] body = new byte[length];
		input.readFully(body);
		return (checksum == checksum(body, 0, length)) ? decode(ByteBuffer.wrap(body)) : null;
	}

	private static @Nullable Decoded decode(ByteBuffer body) {
		int length = body.remaining();
		long offset = body.getLong();
		long timestamp = body.getLong();
		boolean committed = (body.get() & COMMITTED) != 0;
		int storedSize = body.getInt();
		int keyLength = body.getInt();
		if (keyLength < 0 || keyLength > body.remaining()) {
			return null;
		}
		ByteString key = ByteString.copyFrom(body, keyLength);
		byte[] message = new byte[body.remaining()];
		body.get(message);
		return new Decoded(new LogEntry(offset, timestamp, key, storedSize, message), committed, FRAME + length);
	}

	static int checksum(byte[] bytes, int from, int length) {
		CRC32C crc = new CRC32C();
		crc.update(bytes, from, length);
		return (int) crc.getValue();
	}

	/**
	 * What a record says.
	 *
	 * @param entry the message
	 * @param committed whether it, and all before it, was committed
	 * @param size bytes of the record
	 */
	record Decoded(LogEntry entry, boolean committed, int size) {

	}

}
