package io.liftbridge.client.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * RFC 1952.
 */
final class GzipStreams implements CompressionCodec {

	@Override
	public String encoding() {
		return Compression.GZIP.encoding();
	}

	@Override
	public OutputStream compress(OutputStream target, int level) throws IOException {
		return new GZIPOutputStream(target) {
			{
				if (level != Compression.DEFAULT_LEVEL) {
					this.def.setLevel(level);
				}
			}
		};
	}

	@Override
	public InputStream decompress(InputStream source) throws IOException {
		return new GZIPInputStream(source);
	}

}
