package io.liftbridge.client.entry;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * RFC 1950, as {@code zlib} of Python.
 */
final class ZlibCodec implements Codec {

	private static final int DEFAULT = 6;

	@Override
	public int minLevel() {
		return 0;
	}

	@Override
	public int maxLevel() {
		return 9;
	}

	@Override
	public byte[] compress(byte[] data, int offset, int length, int level) {
		Deflater deflater = new Deflater((level != Compression.DEFAULT_LEVEL) ? level : DEFAULT);
		try {
			deflater.setInput(data, offset, length);
			deflater.finish();
			byte[] result = new byte[64 + length / 2];
			int size = 0;
			while (!deflater.finished()) {
				if (size == result.length) {
					result = Arrays.copyOf(result, 2 * size);
				}
				size += deflater.deflate(result, size, result.length - size);
			}
			return Arrays.copyOf(result, size);
		}
		finally {
			deflater.end();
		}
	}

	@Override
	public void decompress(byte[] data, Inflation out) throws IOException {
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(data);
			while (!inflater.finished()) {
				int room = out.room();
				int count = inflater.inflate(out.array(), out.size(), room);
				out.advance(count);
				if (count == 0 && inflater.needsDictionary()) {
					throw new IOException("it needs a preset dictionary");
				}
				if (count == 0 && inflater.needsInput() && !inflater.finished()) {
					throw new EOFException("it ends too early");
				}
			}
			if (inflater.getRemaining() > 0) {
				throw new IOException(inflater.getRemaining() + " bytes follow behind its end");
			}
		}
		catch (DataFormatException ex) {
			throw new IOException(ex);
		}
		finally {
			inflater.end();
		}
	}

}
