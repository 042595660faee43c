package io.liftbridge.client.entry;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import org.jspecify.annotations.Nullable;

/**
 * The codecs of a client by name. Immutable and safe for use by many threads. For use
 * inside the client.
 */
public final class Codecs {

	/** Those that the client brings along. */
	public static final Codecs STANDARD = new Codecs(standard());

	private final Map<String, CodecSource> sources;

	private Codecs(Map<String, CodecSource> sources) {
		this.sources = sources;
	}

	/** As lambdas, which touch a class with references to a library only when called. */
	private static Map<String, CodecSource> standard() {
		Map<String, CodecSource> sources = new TreeMap<>();
		sources.put(Compression.ZLIB.encoding(), CodecSource.of(new ZlibCodec()));
		sources.put(Compression.GZIP.encoding(), CodecSource.of(new StreamCodec(new GzipStreams(), 0, 9)));
		sources.put(Compression.LZMA.encoding(),
				CodecSource.library("org.tukaani:xz", "org.tukaani.xz.XZInputStream", () -> new XzCodec()));
		sources.put(Compression.ZSTD.encoding(),
				CodecSource.library("com.github.luben:zstd-jni", "com.github.luben.zstd.Zstd", () -> new ZstdCodec()));
		sources.put(Compression.LZ4.encoding(), CodecSource.library("at.yawk.lz4:lz4-java",
				"net.jpountz.lz4.LZ4FrameInputStream", () -> new Lz4Codec()));
		return sources;
	}

	/**
	 * These and one more.
	 * @param codec the codec; takes the place of one of the same name
	 * @return the codecs
	 * @throws InvalidRequestException if its name is not allowed
	 */
	public Codecs with(CompressionCodec codec) {
		Compression name = Compression.named(codec.encoding());
		if (name.isNone()) {
			throw new InvalidRequestException("Compression codec " + codec.getClass().getName()
					+ " has the name 'none', which stands for no compression. Choose another.", null);
		}
		Map<String, CodecSource> more = new TreeMap<>(this.sources);
		more.put(name.encoding(), CodecSource.of(new StreamCodec(codec)));
		return new Codecs(more);
	}

	/**
	 * Whether values with this encoding can be read.
	 * @param encoding the name that a message carries
	 * @return whether there is a codec, and its library
	 */
	public boolean isKnown(String encoding) {
		CodecSource source = this.sources.get(encoding);
		return source != null && source.missing() == null;
	}

	/**
	 * Refuses what cannot be done.
	 * @param compression what is asked for
	 * @param where the option that asks, for the message
	 * @throws InvalidRequestException if there is no such codec or no such level, or its
	 * library is missing
	 */
	public void check(Compression compression, String where) {
		if (compression.isNone()) {
			return;
		}
		String name = compression.encoding();
		String problem = problem(name);
		if (problem != null) {
			throw new InvalidRequestException(where + " is '" + name + "', " + problem, null);
		}
		Codec codec = source(name).get();
		int level = compression.level();
		if (level != Compression.DEFAULT_LEVEL && (level < codec.minLevel() || level > codec.maxLevel())) {
			throw new InvalidRequestException(where + " is '" + name + "' at level " + level
					+ "; the level must be between " + codec.minLevel() + " and " + codec.maxLevel() + ".", null);
		}
	}

	private @Nullable String problem(String name) {
		CodecSource source = this.sources.get(name);
		if (source == null) {
			return "for which there is no codec. Known are: " + String.join(", ", this.sources.keySet())
					+ ". Add others with LiftbridgeClient.builder().compressionCodec(...).";
		}
		String missing = source.missing();
		return (missing != null) ? "which needs the library " + missing + ". Add it to the class path." : null;
	}

	private CodecSource source(String name) {
		CodecSource source = this.sources.get(name);
		if (source == null) {
			throw new InvalidRequestException("Compression '" + name + "' is one " + problem(name), null);
		}
		return source;
	}

	/**
	 * Compresses.
	 * @param compression how; was checked before
	 * @param data holds the bytes
	 * @param offset where they begin
	 * @param length how many there are
	 * @return the compressed bytes
	 */
	public byte[] compress(Compression compression, byte[] data, int offset, int length) {
		try {
			return source(compression.encoding()).get().compress(data, offset, length, compression.level());
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			throw new LiftbridgeException(
					length + " bytes could not be compressed with " + compression + ": " + text(ex), ex,
					Outcome.NOT_SENT);
		}
	}

	/**
	 * Decompresses.
	 * @param encoding the name that the message carries
	 * @param data the compressed bytes
	 * @param limit most bytes that may come of them
	 * @return the original bytes
	 * @throws MalformedEntryException if that is not possible, without the message
	 */
	public byte[] decompress(String encoding, byte[] data, int limit) {
		String problem = problem(encoding);
		if (problem != null) {
			throw new MalformedEntryException("its compression is '" + encoding + "', " + problem, null);
		}
		try {
			Inflation out = new Inflation(data.length, limit);
			source(encoding).get().decompress(data, out);
			return out.toByteArray();
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			throw new MalformedEntryException(
					data.length + " bytes of " + encoding + " cannot be decompressed: " + text(ex), ex);
		}
	}

	private static String text(Throwable ex) {
		String message = ex.getMessage();
		return (ex instanceof IOException && message != null) ? message : ex.toString();
	}

}
