package io.liftbridge.client.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A compression of the user's own, which is made known with
 * {@code LiftbridgeClient.builder().compressionCodec(...)} to producers and consumers
 * alike. Must be safe for use by many threads. How much comes out when something is read
 * is limited by the client.
 */
public interface CompressionCodec {

	/**
	 * What messages carry in their header, and what {@link Compression#named} is given.
	 * @return 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'; the name of a
	 * built-in codec replaces that one
	 */
	String encoding();

	/**
	 * Compresses what is written.
	 * @param target where to; is in memory
	 * @param level the level, or {@link Compression#DEFAULT_LEVEL}
	 * @return takes the bytes, and is closed at their end
	 * @throws IOException if that is not possible
	 */
	OutputStream compress(OutputStream target, int level) throws IOException;

	/**
	 * Decompresses what is read.
	 * @param source the compressed bytes; is in memory
	 * @return gives the original bytes, and is closed at their end
	 * @throws IOException if the bytes are damaged; so may its reading
	 */
	InputStream decompress(InputStream source) throws IOException;

}
