package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/**
 * What is stored of a message or of a batch of records: a value, and headers that tell
 * what it is. For use inside the client.
 */
public final class EncodedEntry {

	private final byte[] value;

	private final int length;

	private final int uncompressedLength;

	private final Compression compression;

	private final String encodingHeader;

	private final int records;

	EncodedEntry(byte[] value, int length, int uncompressedLength, Compression compression, String encodingHeader,
			int records) {
		this.value = value;
		this.length = length;
		this.uncompressedLength = uncompressedLength;
		this.compression = compression;
		this.encodingHeader = encodingHeader;
		this.records = records;
	}

	/**
	 * Holds the value in its first {@link #length()} bytes.
	 * @return the array, not copied
	 */
	public byte[] array() {
		return this.value;
	}

	/**
	 * How long the value is.
	 * @return the bytes
	 */
	public int length() {
		return this.length;
	}

	/**
	 * How long the value was before it was compressed.
	 * @return the bytes
	 */
	public int uncompressedLength() {
		return this.uncompressedLength;
	}

	/**
	 * How it is compressed.
	 * @return the compression, {@link Compression#NONE} if it is not
	 */
	public Compression compression() {
		return this.compression;
	}

	/**
	 * How many records it has.
	 * @return the number, 0 if it is no batch
	 */
	public int records() {
		return this.records;
	}

	/**
	 * Hands the headers that readers need to an action.
	 * @param action what to do with name and value
	 */
	public void forEachHeader(BiConsumer<String, byte[]> action) {
		if (!this.compression.isNone()) {
			action.accept(this.encodingHeader, this.compression.encoding().getBytes(StandardCharsets.US_ASCII));
		}
		if (this.records > 0) {
			action.accept(EntryHeaders.BATCH, ("1;" + this.records).getBytes(StandardCharsets.US_ASCII));
		}
	}

}
