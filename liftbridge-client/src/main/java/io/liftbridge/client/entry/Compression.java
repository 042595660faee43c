package io.liftbridge.client.entry;

import java.util.Objects;
import java.util.regex.Pattern;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * How values are compressed: a name, which messages carry in the header
 * {@link EntryHeaders#ENCODING}, and a level. Immutable and safe for use by many threads.
 * <p>
 * {@link #ZLIB} and {@link #LZMA} can be read by Gufo, too; the others by this client
 * only. ZLIB and GZIP need nothing but the JDK; the others need a library on the class
 * path, which whoever builds a producer is told by name if it is missing.
 */
public final class Compression {

	/** Values are stored as they are. */
	public static final Compression NONE = new Compression("", Compression.DEFAULT_LEVEL);

	/** RFC 1950, levels 0 to 9, by default 6. */
	public static final Compression ZLIB = new Compression("zlib", Compression.DEFAULT_LEVEL);

	/**
	 * An .xz container with CRC64, presets 0 to 9, by default 6; needs
	 * {@code org.tukaani:xz}. Small, but slow to write.
	 */
	public static final Compression LZMA = new Compression("lzma", Compression.DEFAULT_LEVEL);

	/** RFC 1952, levels 0 to 9, by default 6. */
	public static final Compression GZIP = new Compression("gzip", Compression.DEFAULT_LEVEL);

	/**
	 * RFC 8878, levels -7 to 22, by default 3; needs {@code com.github.luben:zstd-jni}.
	 */
	public static final Compression ZSTD = new Compression("zstd", Compression.DEFAULT_LEVEL);

	/**
	 * The LZ4 frame format; level 0, the default, is fast, levels 1 to 17 are smaller;
	 * needs {@code at.yawk.lz4:lz4-java}.
	 */
	public static final Compression LZ4 = new Compression("lz4", Compression.DEFAULT_LEVEL);

	/** Stands for the codec's own choice. */
	public static final int DEFAULT_LEVEL = Integer.MIN_VALUE;

	private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

	private final String encoding;

	private final int level;

	private Compression(String encoding, int level) {
		this.encoding = encoding;
		this.level = level;
	}

	/**
	 * A compression by its name, of this client or of a {@link CompressionCodec}.
	 * @param encoding the name in lower case, for instance {@code zstd}; {@code none} for
	 * none
	 * @return the compression, at its default level
	 * @throws InvalidRequestException if it cannot be a name; whether there is such a
	 * codec is checked by whoever uses it
	 */
	public static Compression named(String encoding) {
		if (encoding.equals("none")) {
			return NONE;
		}
		if (!NAME.matcher(encoding).matches()) {
			throw new InvalidRequestException("Compression '" + encoding
					+ "' is no name of a codec: it must be 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'.",
					null);
		}
		return new Compression(encoding, DEFAULT_LEVEL);
	}

	/**
	 * The same at another level.
	 * @param level higher is smaller and slower; which levels there are depends on the
	 * codec, and is checked by whoever uses it
	 * @return the compression
	 */
	public Compression level(int level) {
		if (isNone()) {
			throw new InvalidRequestException("Compression 'none' has no level " + level + ".", null);
		}
		return new Compression(this.encoding, level);
	}

	/**
	 * What messages carry in their header.
	 * @return the name, empty for {@link #NONE}
	 */
	public String encoding() {
		return this.encoding;
	}

	/**
	 * The level.
	 * @return the level, or {@link #DEFAULT_LEVEL}
	 */
	public int level() {
		return this.level;
	}

	/**
	 * Whether nothing is compressed.
	 * @return whether this is {@link #NONE}
	 */
	public boolean isNone() {
		return this.encoding.isEmpty();
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Compression that && this.encoding.equals(that.encoding) && this.level == that.level;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.encoding, this.level);
	}

	@Override
	public String toString() {
		return isNone() ? "none"
				: (this.level == DEFAULT_LEVEL) ? this.encoding : this.encoding + "(" + this.level + ")";
	}

}
