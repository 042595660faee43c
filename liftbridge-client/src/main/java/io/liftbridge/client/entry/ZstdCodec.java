package io.liftbridge.client.entry;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdDecompressCtx;

/**
 * Frames with their size and a checksum; reads those without, too.
 */
final class ZstdCodec implements Codec {

	private static final int MIN_LEVEL = -7;

	private static final int MAX_LEVEL = 22;

	private static final int DEFAULT = 3;

	/** Every reader is expected to take windows of 8 MiB. */
	private static final int MIN_WINDOW_LOG = 23;

	private static final int MAX_WINDOW_LOG = 27;

	/** Contexts cost more than what is done with them to a small message. */
	private final Queue<Compressor> compressors = new ArrayBlockingQueue<>(8);

	private final Queue<ZstdDecompressCtx> decompressors = new ArrayBlockingQueue<>(8);

	@Override
	public int minLevel() {
		return MIN_LEVEL;
	}

	@Override
	public int maxLevel() {
		return MAX_LEVEL;
	}

	@Override
	public byte[] compress(byte[] data, int offset, int length, int level) {
		Compressor compressor = this.compressors.poll();
		compressor = (compressor != null) ? compressor : new Compressor();
		try {
			return compressor.compress(data, offset, length, level);
		}
		finally {
			if (!this.compressors.offer(compressor)) {
				compressor.context.close();
			}
		}
	}

	@Override
	public void decompress(byte[] data, Inflation out) throws IOException {
		long promised = Zstd.getFrameContentSize(data, 0, data.length);
		// A frame whose size is not known says 0, as an empty one does.
		if (promised <= 0 || promised > out.trusted() || !decompress(data, (int) promised, out)) {
			stream(data, out);
		}
	}

	/** All at once. Returns {@code false} if that is not possible. */
	private boolean decompress(byte[] data, int size, Inflation out) {
		byte[] target = new byte[size];
		ZstdDecompressCtx context = this.decompressors.poll();
		context = (context != null) ? context : new ZstdDecompressCtx();
		try {
			if (context.decompressByteArray(target, 0, size, data, 0, data.length) != size) {
				return false;
			}
			out.take(target);
			return true;
		}
		catch (ZstdException ex) {
			// May be several frames; else the other way says what is wrong.
			return false;
		}
		finally {
			if (!this.decompressors.offer(context)) {
				context.close();
			}
		}
	}

	private static void stream(byte[] data, Inflation out) throws IOException {
		try (ZstdInputStreamNoFinalizer stream = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(data))) {
			int limit = 32 - Integer.numberOfLeadingZeros(Math.max(1, out.limit() - 1));
			stream.setLongMax(Math.max(MIN_WINDOW_LOG, Math.min(MAX_WINDOW_LOG, limit)));
			out.readAll(stream);
		}
	}

	/** A context with room for what comes of it, until it is known how much that is. */
	private static final class Compressor {

		/** Larger ones are rare, and not worth to be kept. */
		private static final int MOST_KEPT = 1 << 20;

		private final ZstdCompressCtx context = new ZstdCompressCtx();

		private byte[] kept = new byte[0];

		byte[] compress(byte[] data, int offset, int length, int level) {
			this.context.setLevel((level != Compression.DEFAULT_LEVEL) ? level : DEFAULT);
			this.context.setChecksum(true);
			byte[] target = room(Math.toIntExact(Zstd.compressBound(length)));
			return Arrays.copyOf(target,
					this.context.compressByteArray(target, 0, target.length, data, offset, length));
		}

		private byte[] room(int bytes) {
			if (bytes <= this.kept.length) {
				return this.kept;
			}
			byte[] larger = new byte[bytes];
			if (bytes <= MOST_KEPT) {
				this.kept = larger;
			}
			return larger;
		}

	}

}
