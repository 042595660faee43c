package io.liftbridge.client.producer;

import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.EntryObserver;

/**
 * What a producer's builder was told about compression. For use inside the client.
 *
 * @param compression how values are compressed
 * @param threshold length of values from which on they are, in bytes
 * @param encodingHeader the header that tells readers
 */
public record CompressionOptions(Compression compression, int threshold, String encodingHeader) {

	/** Compresses nothing. */
	public static final CompressionOptions NONE = new CompressionOptions(Compression.NONE, 0, EntryHeaders.ENCODING);

	CompressionOptions compression(Compression how) {
		return new CompressionOptions(how, this.threshold, this.encodingHeader);
	}

	CompressionOptions threshold(int bytes) {
		return new CompressionOptions(this.compression, bytes, this.encodingHeader);
	}

	CompressionOptions encodingHeader(String name) {
		return new CompressionOptions(this.compression, this.threshold, name);
	}

	/** Refuses what cannot be done. */
	void check(Codecs codecs, String stream) {
		codecs.check(this.compression, "Producer option compression of stream '" + stream + "'");
	}

	EntryEncoder encoder(Codecs codecs, EntryObserver observer) {
		return new EntryEncoder(codecs, this.compression, this.threshold, this.encodingHeader, observer);
	}

}
