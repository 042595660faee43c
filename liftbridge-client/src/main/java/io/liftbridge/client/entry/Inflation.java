package io.liftbridge.client.entry;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Takes decompressed bytes, and refuses what is over the limit before it is there: grows
 * with what comes, whatever headers promise.
 */
final class Inflation {

	/** Up to here anything may come of anything. */
	private static final int HARMLESS_BYTES = 16 << 20;

	/** More than any honest deflate stream, the best of which is 1:1032. */
	private static final int MAX_RATIO = 2000;

	private static final int SMALLEST = 512;

	private final int compressed;

	private final int limit;

	private final int bound;

	/** Allocated when it is needed: a codec that knows the size brings its own. */
	private byte[] bytes = {};

	private int size;

	/**
	 * Creates it.
	 * @param compressed number of compressed bytes
	 * @param limit most bytes to take
	 */
	Inflation(int compressed, int limit) {
		this.compressed = compressed;
		this.limit = limit;
		this.bound = bound(compressed, limit);
	}

	private static int bound(int compressed, int limit) {
		return (int) Math.min(limit, Math.max(HARMLESS_BYTES, (long) compressed * MAX_RATIO));
	}

	/** Whether a reader with the default limits would take it back. */
	static boolean isReadable(int compressed, int original) {
		return original <= bound(compressed, Integer.MAX_VALUE);
	}

	/** What the reader was told. */
	int limit() {
		return this.limit;
	}

	/** Most bytes that it takes. */
	int bound() {
		return this.bound;
	}

	/** Bytes that may be allocated at once because a header promises them. */
	int trusted() {
		return (int) Math.min(this.bound, Math.max(1 << 20, 64L * this.compressed));
	}

	byte[] array() {
		return this.bytes;
	}

	int size() {
		return this.size;
	}

	/** Makes room for at least one byte. Returns for how many there is. */
	int room() throws IOException {
		if (this.size > this.bound) {
			throw new IOException((this.bound < this.limit)
					? "more than " + this.bound + " bytes come of " + this.compressed + ", over " + MAX_RATIO
							+ " times as many"
					: "more than " + this.limit + " bytes come of " + this.compressed
							+ ", which is the limit (maxUncompressedBytes)");
		}
		if (this.size == this.bytes.length) {
			long wanted = (this.size > 0) ? 2L * this.size : Math.max(SMALLEST, 4L * this.compressed);
			this.bytes = Arrays.copyOf(this.bytes, (int) Math.min(this.bound + 1L, wanted));
		}
		return this.bytes.length - this.size;
	}

	/** Notes that bytes were put behind the last. */
	void advance(int count) {
		this.size += count;
	}

	/** Takes over a whole array. */
	void take(byte[] all) {
		this.bytes = all;
		this.size = all.length;
	}

	void readAll(InputStream source) throws IOException {
		while (true) {
			// Before the array is looked at, which may become another one.
			int room = room();
			int count = source.read(this.bytes, this.size, room);
			if (count < 0) {
				return;
			}
			advance(count);
		}
	}

	byte[] toByteArray() throws IOException {
		if (this.size > this.bound) {
			room();
		}
		return (this.size == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.size);
	}

}
