package io.liftbridge.client.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Bytes in one or more parts, which are never put together on their way to the network.
 * Safe for use by many threads.
 * <p>
 * Who owns the bytes: except with {@link #copyOf}, parts are not copied. They belong to
 * the message from the moment this is made until its future is complete; whoever changes,
 * frees or reuses them before that changes what is sent, and what is sent again after a
 * lost connection. Position and limit of a buffer may be changed: what counts are those
 * at the moment this is made.
 */
public final class Data {

	private static final Data EMPTY = new Data(List.of());

	private final List<ByteBuffer> parts;

	private final int size;

	private volatile byte @Nullable [] joined;

	private Data(List<ByteBuffer> parts) {
		this.parts = parts;
		this.size = size(parts);
	}

	/**
	 * No bytes.
	 * @return the data
	 */
	public static Data empty() {
		return EMPTY;
	}

	/**
	 * The remaining bytes of buffers, one after the other.
	 * @param parts the buffers: on the heap, direct or mapped, read-only or not; not
	 * copied
	 * @return the data
	 * @throws InvalidRequestException if it is longer than 2 GiB - 1 bytes
	 */
	public static Data of(ByteBuffer... parts) {
		List<ByteBuffer> slices = new ArrayList<>(parts.length);
		for (ByteBuffer part : parts) {
			if (part.hasRemaining()) {
				slices.add(part.slice());
			}
		}
		return slices.isEmpty() ? EMPTY : new Data(slices);
	}

	/**
	 * The bytes of arrays, one after the other.
	 * @param parts the arrays, not copied
	 * @return the data
	 * @throws InvalidRequestException if it is longer than 2 GiB - 1 bytes
	 */
	public static Data of(byte[]... parts) {
		return of(Arrays.stream(parts).map(ByteBuffer::wrap).toArray(ByteBuffer[]::new));
	}

	/**
	 * A text as UTF-8.
	 * @param text the text
	 * @return the data
	 */
	public static Data ofText(String text) {
		return of(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * A copy of the remaining bytes of buffers, which may be changed at once.
	 * @param parts the buffers
	 * @return the data, in one part
	 * @throws InvalidRequestException if it is longer than 2 GiB - 1 bytes
	 */
	public static Data copyOf(ByteBuffer... parts) {
		return of(of(parts).join());
	}

	/**
	 * A copy of the bytes of arrays, which may be changed at once.
	 * @param parts the arrays
	 * @return the data, in one part
	 * @throws InvalidRequestException if it is longer than 2 GiB - 1 bytes
	 */
	public static Data copyOf(byte[]... parts) {
		return of(of(parts).join());
	}

	/**
	 * Counts the bytes.
	 * @return how many there are
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Hands out the parts.
	 * @return the parts, none of which is empty, each with a position of its own; their
	 * bytes are not copied and must not be changed
	 */
	public List<ByteBuffer> parts() {
		return this.parts.stream().map(ByteBuffer::duplicate).toList();
	}

	/**
	 * A section, without copying.
	 * @param offset its first byte, counted from 0
	 * @param length how many bytes
	 * @return the section
	 * @throws InvalidRequestException if there are no such bytes
	 */
	public Data slice(int offset, int length) {
		if (offset < 0 || length < 0 || (long) offset + length > this.size) {
			throw new InvalidRequestException(
					"There are no " + length + " bytes from " + offset + " on in data of " + this.size + " bytes.",
					null);
		}
		List<ByteBuffer> slices = new ArrayList<>();
		int skip = offset;
		int missing = length;
		for (ByteBuffer part : this.parts) {
			int here = Math.min(missing, part.remaining() - Math.min(skip, part.remaining()));
			if (here > 0) {
				slices.add(part.slice(part.position() + skip, here));
				missing -= here;
			}
			skip = Math.max(0, skip - part.remaining());
		}
		return slices.isEmpty() ? EMPTY : new Data(slices);
	}

	/**
	 * Puts the parts together, once.
	 * @return the bytes in one array, copied unless it is a single whole array; must not
	 * be changed
	 */
	public byte[] toArray() {
		byte[] bytes = this.joined;
		if (bytes == null) {
			bytes = isWholeArray() ? this.parts.get(0).array() : join();
			this.joined = bytes;
		}
		return bytes;
	}

	/**
	 * The bytes as text.
	 * @return the bytes as UTF-8
	 */
	public String text() {
		return new String(toArray(), StandardCharsets.UTF_8);
	}

	private boolean isWholeArray() {
		return this.parts.size() == 1 && this.parts.get(0).hasArray() && this.parts.get(0).array().length == this.size;
	}

	private byte[] join() {
		byte[] bytes = new byte[this.size];
		int at = 0;
		for (ByteBuffer part : this.parts) {
			part.get(part.position(), bytes, at, part.remaining());
			at += part.remaining();
		}
		return bytes;
	}

	private static int size(List<ByteBuffer> parts) {
		long size = 0;
		for (ByteBuffer part : parts) {
			size += part.remaining();
		}
		if (size > Integer.MAX_VALUE) {
			throw new InvalidRequestException(
					"Data of " + size + " bytes is longer than any message; the most are " + Integer.MAX_VALUE + ".",
					null);
		}
		return (int) size;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Data data && this.size == data.size && Arrays.equals(toArray(), data.toArray());
	}

	@Override
	public int hashCode() {
		return Arrays.hashCode(toArray());
	}

	@Override
	public String toString() {
		return "Data[" + this.size + " bytes in " + this.parts.size() + " parts]";
	}

}
