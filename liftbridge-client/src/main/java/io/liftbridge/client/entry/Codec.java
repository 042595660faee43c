package io.liftbridge.client.entry;

import java.io.IOException;

/**
 * Compresses and decompresses arrays. Safe for use by many threads.
 */
interface Codec {

	/** Lowest level, for the message of who asks for another. */
	int minLevel();

	int maxLevel();

	/**
	 * Compresses.
	 * @param level the level, or {@link Compression#DEFAULT_LEVEL}
	 */
	byte[] compress(byte[] data, int offset, int length, int level) throws IOException;

	/**
	 * Decompresses.
	 * @param out takes the bytes and refuses too many of them
	 * @throws IOException if the data is damaged, truncated, or too much comes out; some
	 * libraries throw unchecked exceptions, too
	 */
	void decompress(byte[] data, Inflation out) throws IOException;

}
