package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Reads the records of a batch one after the other. All of it is checked before the first
 * one, so that no records come of what is malformed further behind; nothing is allocated
 * until a record is asked for. Not safe for use by several threads.
 */
public final class RecordBatchDecoder {

	private final byte[] bytes;

	private final int count;

	private int position;

	private int index;

	/** Of the record that is read at the moment. */
	private int end;

	private int lastTag;

	/**
	 * Checks a batch.
	 * @param bytes the batch; must not change while records are read
	 * @param count how many records it has to have
	 * @throws MalformedEntryException if it has another number of records or is no batch,
	 * without the message
	 */
	public RecordBatchDecoder(byte[] bytes, int count) {
		this.bytes = bytes;
		this.count = count;
		int found = 0;
		while (this.position < bytes.length) {
			if (tag(bytes.length) == RecordBatchEncoder.RECORDS) {
				checkRecord(length(bytes.length));
				found++;
			}
			else {
				skip(this.lastTag, bytes.length);
			}
		}
		if (found != count) {
			throw malformed("it has " + found + " records instead of " + count);
		}
		this.position = 0;
	}

	/**
	 * Whether there are more records.
	 * @return whether there are
	 */
	public boolean hasNext() {
		return this.index < this.count;
	}

	/**
	 * Reads the next record.
	 * @param entry the message that it came in
	 * @param common headers of that message which each of its records has
	 * @return the record
	 */
	public ReceivedMessage<byte[]> next(ReceivedMessage<?> entry, Headers common) {
		while (tag(this.bytes.length) != RecordBatchEncoder.RECORDS) {
			skip(this.lastTag, this.bytes.length);
		}
		this.end = length(this.bytes.length) + this.position;
		byte[] key = null;
		byte[] value = null;
		Map<String, byte[]> headers = null;
		long creationNanos = 0;
		while (this.position < this.end) {
			switch (tag(this.end)) {
				case RecordBatchEncoder.KEY -> key = slice();
				case RecordBatchEncoder.VALUE -> value = slice();
				case RecordBatchEncoder.HEADERS -> {
					headers = (headers != null) ? headers : copy(common);
					header(headers, length(this.end));
				}
				case RecordBatchEncoder.CREATION_NANOS -> creationNanos = fixed();
				default -> skip(this.lastTag, this.end);
			}
		}
		return entry.record(this.index++, this.count, creationNanos, key, (value != null) ? value : new byte[0],
				(headers != null) ? Headers.received(headers) : common);
	}

	private static Map<String, byte[]> copy(Headers common) {
		Map<String, byte[]> copy = new LinkedHashMap<>();
		common.forEach(copy::put);
		return copy;
	}

	private void header(Map<String, byte[]> headers, int length) {
		int until = this.position + length;
		String name = "";
		byte[] value = null;
		while (this.position < until) {
			int tag = tag(until);
			if (tag == RecordBatchEncoder.HEADER_NAME) {
				int size = length(until);
				name = new String(this.bytes, this.position, size, StandardCharsets.UTF_8);
				this.position += size;
			}
			else if (tag == RecordBatchEncoder.HEADER_VALUE) {
				int size = length(until);
				value = Arrays.copyOfRange(this.bytes, this.position, this.position + size);
				this.position += size;
			}
			else {
				skip(tag, until);
			}
		}
		headers.put(name, (value != null) ? value : new byte[0]);
	}

	private byte[] slice() {
		int size = length(this.end);
		byte[] slice = Arrays.copyOfRange(this.bytes, this.position, this.position + size);
		this.position += size;
		return slice;
	}

	private long fixed() {
		long value = 0;
		for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
			value |= (this.bytes[this.position++] & 0xffL) << shift;
		}
		return value;
	}

	private void checkRecord(int length) {
		int until = this.position + length;
		while (this.position < until) {
			if (tag(until) == RecordBatchEncoder.HEADERS) {
				int endOfHeader = length(until) + this.position;
				while (this.position < endOfHeader) {
					skip(tag(endOfHeader), endOfHeader);
				}
			}
			else {
				skip(this.lastTag, until);
			}
		}
	}

	/** A known number with another type than its own is a field that is not known. */
	private int tag(int until) {
		long tag = varint(until);
		if (tag >>> 3 == 0 || tag >>> 3 > 0x1fffffff) {
			throw malformed("there is no field where one should begin, at byte " + this.position);
		}
		this.lastTag = (int) tag;
		return this.lastTag;
	}

	private void skip(int tag, int until) {
		switch (tag & 7) {
			case 0 -> varint(until);
			case 1 -> advance(Long.BYTES, until);
			case 2 -> advance(length(until), until);
			case 5 -> advance(Integer.BYTES, until);
			default -> throw malformed("a field has the unknown type " + (tag & 7) + ", at byte " + this.position);
		}
	}

	private void advance(int bytes, int until) {
		if (bytes > until - this.position) {
			throw malformed("it is cut off, or a length in it is wrong, at byte " + this.position);
		}
		this.position += bytes;
	}

	/** A length, which what is left must suffice for. */
	private int length(int until) {
		long length = varint(until);
		if (length < 0 || length > until - this.position) {
			throw malformed("it is cut off, or a length in it is wrong, at byte " + this.position);
		}
		return (int) length;
	}

	private long varint(int until) {
		int at = this.position;
		if (at < until) {
			byte first = this.bytes[at];
			if (first >= 0) {
				this.position = at + 1;
				return first;
			}
		}
		long value = 0;
		for (int shift = 0; shift < 70 && at < until; shift += 7) {
			byte next = this.bytes[at++];
			value |= (next & 0x7fL) << shift;
			if (next >= 0) {
				this.position = at;
				return value;
			}
		}
		throw malformed("a number is cut off or too long, at byte " + this.position);
	}

	private static MalformedEntryException malformed(String what) {
		return new MalformedEntryException("it is no batch of records: " + what, null);
	}

}
