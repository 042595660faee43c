package io.liftbridge.client.entry;

import io.liftbridge.client.message.Message;
import org.jspecify.annotations.Nullable;

/**
 * Makes of messages what is stored: compresses values, and batches of records as a whole.
 * Immutable and safe for use by many threads. For use inside the client.
 */
public final class EntryEncoder {

	/** Leaves everything as it is. */
	public static final EntryEncoder PLAIN = new EntryEncoder(Codecs.STANDARD, Compression.NONE, 0,
			EntryHeaders.ENCODING);

	private final Codecs codecs;

	private final Compression compression;

	private final int threshold;

	private final String encodingHeader;

	private final EntryObserver observer;

	/**
	 * Creates it.
	 * @param codecs compress
	 * @param compression how, unless somebody says otherwise
	 * @param threshold length of values from which on they are compressed
	 * @param encodingHeader the header that names the compression
	 */
	public EntryEncoder(Codecs codecs, Compression compression, int threshold, String encodingHeader) {
		this(codecs, compression, threshold, encodingHeader, EntryObserver.NONE);
	}

	/**
	 * Creates it.
	 * @param codecs compress
	 * @param compression how, unless somebody says otherwise
	 * @param threshold length of values from which on they are compressed
	 * @param encodingHeader the header that names the compression
	 * @param observer is told what was made
	 */
	public EntryEncoder(Codecs codecs, Compression compression, int threshold, String encodingHeader,
			EntryObserver observer) {
		this.observer = observer;
		this.codecs = codecs;
		this.compression = compression;
		this.threshold = threshold;
		this.encodingHeader = encodingHeader;
	}

	/**
	 * Compresses the value of a message where that is wanted. One that has the header
	 * already is passed on: whoever set it knows what the value is.
	 * @param message the message
	 * @return the compressed value, or {@code null} if the message stays as it is
	 */
	public @Nullable EncodedEntry encode(Message message) {
		if (this.compression.isNone()) {
			return null;
		}
		Boolean wish = message.compress();
		boolean wanted = (wish != null) ? wish : message.valueSize() >= this.threshold;
		if (!wanted || message.headers().get(this.encodingHeader) != null) {
			return null;
		}
		EncodedEntry encoded = encode(message.value(), message.valueSize(), this.compression, 0);
		return encoded.compression().isNone() ? null : encoded;
	}

	/**
	 * Completes a batch, compressed as the producer was told.
	 * @param batch the records, at least one; must not be used any more
	 * @return the entry
	 */
	public EncodedEntry encode(RecordBatchEncoder batch) {
		return encode(batch, (batch.size() >= this.threshold) ? this.compression : Compression.NONE);
	}

	/**
	 * Completes a batch.
	 * @param batch the records, at least one; must not be used any more
	 * @param how its compression; was checked before
	 * @return the entry
	 */
	public EncodedEntry encode(RecordBatchEncoder batch, Compression how) {
		return encode(batch.array(), batch.size(), how, batch.count());
	}

	private EncodedEntry encode(byte[] value, int length, Compression how, int records) {
		EncodedEntry entry = entry(value, length, how, records);
		this.observer.encoded(Math.max(1, records), length, entry.length());
		return entry;
	}

	private EncodedEntry entry(byte[] value, int length, Compression how, int records) {
		if (!how.isNone()) {
			byte[] compressed = this.codecs.compress(how, value, 0, length);
			// Nothing is written that readers would take for an attack.
			if (Inflation.isReadable(compressed.length, length)) {
				return new EncodedEntry(compressed, compressed.length, length, how, this.encodingHeader, records);
			}
		}
		return new EncodedEntry(value, length, length, Compression.NONE, this.encodingHeader, records);
	}

}
