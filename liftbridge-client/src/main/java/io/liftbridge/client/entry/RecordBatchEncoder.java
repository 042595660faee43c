package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.Message;

/**
 * Writes records behind each other into one growing array: the protobuf message
 * {@code RecordBatch} of {@code entry.proto}. Not safe for use by several threads.
 */
public final class RecordBatchEncoder {

	static final int RECORDS = 1 << 3 | 2;

	static final int KEY = 1 << 3 | 2;

	static final int VALUE = 2 << 3 | 2;

	static final int HEADERS = 3 << 3 | 2;

	static final int CREATION_NANOS = 4 << 3 | 1;

	static final int HEADER_NAME = 1 << 3 | 2;

	static final int HEADER_VALUE = 2 << 3 | 2;

	private static final int SMALLEST = 64;

	private byte[] bytes;

	private int size;

	private int count;

	/**
	 * Starts an empty batch.
	 * @param capacity bytes to make room for at the beginning
	 */
	public RecordBatchEncoder(int capacity) {
		this.bytes = new byte[Math.max(SMALLEST, capacity)];
	}

	/**
	 * Tells how many bytes a record adds to a batch.
	 * @param message the record
	 * @param creationNanos when it was taken, as Unix time in nanoseconds; 0 for unknown
	 * @return the bytes, before compression
	 */
	public static int sizeOf(Message message, long creationNanos) {
		return Math.toIntExact(field(recordSize(message, creationNanos)));
	}

	/**
	 * Adds a record: its key, value and headers.
	 * @param message the record
	 * @param creationNanos when it was taken, as Unix time in nanoseconds; 0 for unknown
	 */
	public void add(Message message, long creationNanos) {
		int length = Math.toIntExact(recordSize(message, creationNanos));
		reserve(field(length));
		this.bytes[this.size++] = RECORDS;
		varint(length);
		byte[] key = message.key();
		if (key != null) {
			bytes(KEY, key);
		}
		if (message.valueSize() > 0) {
			bytes(VALUE, message.value());
		}
		if (!message.headers().isEmpty()) {
			message.headers().forEach(this::header);
		}
		if (creationNanos != 0) {
			this.bytes[this.size++] = CREATION_NANOS;
			fixed(creationNanos);
		}
		this.count++;
	}

	private static long recordSize(Message message, long creationNanos) {
		byte[] key = message.key();
		int value = message.valueSize();
		long size = (key != null) ? field(key.length) : 0;
		if (value > 0) {
			size += field(value);
		}
		Headers headers = message.headers();
		if (!headers.isEmpty()) {
			for (String name : headers.names()) {
				byte[] content = headers.get(name);
				size += field(headerSize(utf8Length(name), (content != null) ? content.length : 0));
			}
		}
		return (creationNanos != 0) ? size + 1 + Long.BYTES : size;
	}

	private static long headerSize(int name, int value) {
		return ((name > 0) ? field(name) : 0) + ((value > 0) ? field(value) : 0);
	}

	private static long field(long length) {
		return 1 + varintSize(length) + length;
	}

	private static int varintSize(long value) {
		return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
	}

	private static int utf8Length(String text) {
		int length = text.length();
		for (int i = 0; i < length; i++) {
			if (text.charAt(i) >= 0x80) {
				return text.getBytes(StandardCharsets.UTF_8).length;
			}
		}
		return length;
	}

	private void header(String name, byte[] value) {
		byte[] text = name.getBytes(StandardCharsets.UTF_8);
		this.bytes[this.size++] = HEADERS;
		varint((int) headerSize(text.length, value.length));
		if (text.length > 0) {
			bytes(HEADER_NAME, text);
		}
		if (value.length > 0) {
			bytes(HEADER_VALUE, value);
		}
	}

	private void bytes(int tag, byte[] value) {
		this.bytes[this.size++] = (byte) tag;
		varint(value.length);
		System.arraycopy(value, 0, this.bytes, this.size, value.length);
		this.size += value.length;
	}

	private void varint(int value) {
		int rest = value;
		while ((rest & ~0x7f) != 0) {
			this.bytes[this.size++] = (byte) (rest & 0x7f | 0x80);
			rest >>>= 7;
		}
		this.bytes[this.size++] = (byte) rest;
	}

	private void fixed(long value) {
		for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
			this.bytes[this.size++] = (byte) (value >>> shift);
		}
	}

	private void reserve(long more) {
		long needed = this.size + more;
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes,
					Math.toIntExact(Math.max(needed, Math.min(2L * this.bytes.length, Integer.MAX_VALUE - 64))));
		}
	}

	/**
	 * How many records were added.
	 * @return the number
	 */
	public int count() {
		return this.count;
	}

	/**
	 * How long the batch is, before compression.
	 * @return the bytes
	 */
	public int size() {
		return this.size;
	}

	/**
	 * The batch.
	 * @return holds it in its first {@link #size()} bytes; belongs to this encoder
	 */
	byte[] array() {
		return this.bytes;
	}

	/**
	 * The batch.
	 * @return a copy
	 */
	public byte[] toByteArray() {
		return Arrays.copyOf(this.bytes, this.size);
	}

	/** Begins again, with the same array. */
	public void clear() {
		this.size = 0;
		this.count = 0;
	}

}
