package io.liftbridge.client.entry;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.LZMAInputStream;
import org.tukaani.xz.XZ;
import org.tukaani.xz.XZInputStream;
import org.tukaani.xz.XZOutputStream;

/**
 * Writes .xz; reads .xz, also several behind each other, and the older .lzma: as
 * {@code lzma} of Python.
 */
final class XzCodec implements Codec {

	/** Enough for what preset 6 writes, however low the limit is. */
	private static final int LEAST_MEMORY = 9 << 20;

	private static final int OVERHEAD = 1 << 20;

	@Override
	public int minLevel() {
		return LZMA2Options.PRESET_MIN;
	}

	@Override
	public int maxLevel() {
		return LZMA2Options.PRESET_MAX;
	}

	@Override
	public byte[] compress(byte[] data, int offset, int length, int level) throws IOException {
		LZMA2Options options = new LZMA2Options(
				(level != Compression.DEFAULT_LEVEL) ? level : LZMA2Options.PRESET_DEFAULT);
		// Writer and reader allocate what is said here; more than there is helps nobody.
		options.setDictSize(Math.max(LZMA2Options.DICT_SIZE_MIN, Math.min(options.getDictSize(), length)));
		ByteArrayOutputStream target = new ByteArrayOutputStream(128 + length / 2);
		try (XZOutputStream stream = new XZOutputStream(target, options, XZ.CHECK_CRC64)) {
			stream.write(data, offset, length);
		}
		return target.toByteArray();
	}

	@Override
	public void decompress(byte[] data, Inflation out) throws IOException {
		int memory = (int) ((Math.max(LEAST_MEMORY, (long) out.limit()) + OVERHEAD) >> 10);
		InputStream source = new ByteArrayInputStream(data);
		try (InputStream stream = isXz(data) ? new XZInputStream(source, memory)
				: new LZMAInputStream(source, memory)) {
			out.readAll(stream);
		}
	}

	private static boolean isXz(byte[] data) {
		byte[] magic = XZ.HEADER_MAGIC;
		if (data.length < magic.length) {
			return false;
		}
		for (int i = 0; i < magic.length; i++) {
			if (data[i] != magic[i]) {
				return false;
			}
		}
		return true;
	}

}
