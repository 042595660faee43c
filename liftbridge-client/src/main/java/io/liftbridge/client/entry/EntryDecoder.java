package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;

/**
 * Unpacks what was read: decompresses values and takes batches apart. Immutable and safe
 * for use by many threads. For use inside the client.
 */
public final class EntryDecoder {

	private static final String REMEDY = "Look with unpack(false) at what is stored there.";

	private static final String VERSION = "1;";

	private final Codecs codecs;

	private final EntryOptions options;

	/**
	 * Creates it.
	 * @param codecs decompress
	 * @param options what to unpack
	 */
	public EntryDecoder(Codecs codecs, EntryOptions options) {
		this.codecs = codecs;
		this.options = options;
	}

	/**
	 * Whether a message is more than its plain value.
	 * @param headers its headers by name
	 * @return whether {@link #decode} has something to do
	 */
	public boolean isEntry(Map<String, ?> headers) {
		return !headers.isEmpty() && this.options.unpack() && (headers.containsKey(EntryHeaders.BATCH)
				|| headers.containsKey(this.options.encodingHeader()) || headers.containsKey(EntryHeaders.CHUNK));
	}

	/**
	 * Unpacks a message.
	 * @param raw the message as it is stored
	 * @param reverse whether its records are wanted from the last to the first
	 * @return what it carries: at least one message; each is made when it is asked for,
	 * so that one entry takes the room of its bytes only
	 * @throws MalformedEntryException if that is not possible
	 */
	public Iterator<ReceivedMessage<byte[]>> decode(ReceivedMessage<byte[]> raw, boolean reverse) {
		try {
			return unpack(raw, reverse);
		}
		catch (MalformedEntryException ex) {
			throw new MalformedEntryException(raw, ex.reason(), REMEDY, ex.getCause());
		}
	}

	private Iterator<ReceivedMessage<byte[]>> unpack(ReceivedMessage<byte[]> raw, boolean reverse) {
		Headers headers = raw.headers();
		ReceivedMessage<byte[]> message = raw;
		byte[] encoding = headers.get(this.options.encodingHeader());
		if (encoding != null) {
			String name = text(encoding);
			if (this.options.unknownEncoding() == UnknownEncoding.PASS_THROUGH && !this.codecs.isKnown(name)) {
				return List.of(raw).iterator();
			}
			headers = headers.without(this.options.encodingHeader());
			message = raw.withValue(this.codecs.decompress(name, raw.value(), this.options.maxUncompressedBytes()));
		}
		byte[] batch = headers.get(EntryHeaders.BATCH);
		if (batch == null) {
			return List.of(message.withHeaders(headers)).iterator();
		}
		Records records = new Records(message, headers.without(EntryHeaders.BATCH),
				new RecordBatchDecoder(message.value(), count(text(batch))));
		return reverse ? records.reversed() : records;
	}

	private static int count(String header) {
		if (header.startsWith(VERSION)) {
			try {
				int count = Integer.parseInt(header, VERSION.length(), header.length(), 10);
				if (count > 0) {
					return count;
				}
			}
			catch (NumberFormatException ex) {
				// The same is wrong as with a number that is too low.
			}
			throw new MalformedEntryException(
					"its header " + EntryHeaders.BATCH + " is '" + header + "', which has no number of records", null);
		}
		throw new MalformedEntryException("its header " + EntryHeaders.BATCH + " is '" + header
				+ "'; this client knows version 1 of batch entries only", null);
	}

	/** Whatever it is, it is to be shown in a line. */
	static String text(byte[] header) {
		int length = Math.min(header.length, 64);
		for (int i = 0; i < length; i++) {
			if (header[i] < ' ' || header[i] > '~') {
				return "(" + header.length + " bytes that are no name)";
			}
		}
		return new String(header, 0, length, StandardCharsets.US_ASCII);
	}

	private static final class Records implements Iterator<ReceivedMessage<byte[]>> {

		private final ReceivedMessage<byte[]> entry;

		private final Headers common;

		private final RecordBatchDecoder decoder;

		Records(ReceivedMessage<byte[]> entry, Headers common, RecordBatchDecoder decoder) {
			this.entry = entry;
			this.common = common;
			this.decoder = decoder;
		}

		@Override
		public boolean hasNext() {
			return this.decoder.hasNext();
		}

		@Override
		public ReceivedMessage<byte[]> next() {
			return this.decoder.next(this.entry, this.common);
		}

		Iterator<ReceivedMessage<byte[]>> reversed() {
			List<ReceivedMessage<byte[]>> all = new ArrayList<>();
			forEachRemaining(all::add);
			Collections.reverse(all);
			return all.iterator();
		}

	}

}
