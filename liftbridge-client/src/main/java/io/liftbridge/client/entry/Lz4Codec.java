package io.liftbridge.client.entry;

import java.io.IOException;
import java.io.InputStream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The frame format with independent blocks, the size of the content and its checksum.
 */
final class Lz4Codec implements Codec {

	private static final int MAX_LEVEL = 17;

	@Override
	public int minLevel() {
		return 0;
	}

	@Override
	public int maxLevel() {
		return MAX_LEVEL;
	}

	@Override
	public byte[] compress(byte[] data, int offset, int length, int level) throws IOException {
		LZ4Factory factory = LZ4Factory.fastestInstance();
		LZ4Compressor compressor = (level > 0) ? factory.highCompressor(level) : factory.fastCompressor();
		ByteArrayOutputStream target = new ByteArrayOutputStream(64 + length / 2);
		try (LZ4FrameOutputStream stream = new LZ4FrameOutputStream(target, blockSize(length), length, compressor,
				XXHashFactory.fastestInstance().hash32(), FLG.Bits.BLOCK_INDEPENDENCE, FLG.Bits.CONTENT_SIZE,
				FLG.Bits.CONTENT_CHECKSUM)) {
			stream.write(data, offset, length);
		}
		return target.toByteArray();
	}

	/** Writer and reader allocate whole blocks. */
	private static BLOCKSIZE blockSize(int length) {
		return (length <= 64 << 10) ? BLOCKSIZE.SIZE_64KB
				: (length <= 256 << 10) ? BLOCKSIZE.SIZE_256KB : BLOCKSIZE.SIZE_1MB;
	}

	@Override
	public void decompress(byte[] data, Inflation out) throws IOException {
		try (InputStream stream = new LZ4FrameInputStream(new ByteArrayInputStream(data))) {
			out.readAll(stream);
		}
	}

}
