package io.liftbridge.client.entry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A codec made of streams.
 */
final class StreamCodec implements Codec {

	private final CompressionCodec codec;

	private final int minLevel;

	private final int maxLevel;

	StreamCodec(CompressionCodec codec) {
		this(codec, Integer.MIN_VALUE, Integer.MAX_VALUE);
	}

	StreamCodec(CompressionCodec codec, int minLevel, int maxLevel) {
		this.codec = codec;
		this.minLevel = minLevel;
		this.maxLevel = maxLevel;
	}

	@Override
	public int minLevel() {
		return this.minLevel;
	}

	@Override
	public int maxLevel() {
		return this.maxLevel;
	}

	@Override
	public byte[] compress(byte[] data, int offset, int length, int level) throws IOException {
		ByteArrayOutputStream target = new ByteArrayOutputStream(64 + length / 2);
		try (OutputStream stream = this.codec.compress(target, level)) {
			stream.write(data, offset, length);
		}
		return target.toByteArray();
	}

	@Override
	public void decompress(byte[] data, Inflation out) throws IOException {
		try (InputStream stream = this.codec.decompress(new ByteArrayInputStream(data))) {
			out.readAll(stream);
		}
	}

}
