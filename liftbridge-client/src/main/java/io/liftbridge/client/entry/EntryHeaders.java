package io.liftbridge.client.entry;

/**
 * Names of the headers by which entries are told apart.
 */
public final class EntryHeaders {

	/**
	 * Names the compression of the value. Producers and consumers may be told another
	 * name.
	 */
	public static final String ENCODING = "X-Msg-Encoding";

	/** Says that the value is a batch of records: {@code 1;<number of records>}. */
	public static final String BATCH = "Liftbridge-Batch";

	/**
	 * Says that the value is a chunk of a larger message's:
	 * {@code 1;<message id>;<index>;<count>}.
	 */
	public static final String CHUNK = "Liftbridge-Chunk";

	/**
	 * Carries the key of a message in chunks, on the last one: compaction must not see
	 * it, as it would remove chunks of messages that are superseded and leave others.
	 */
	public static final String CHUNK_KEY = "Liftbridge-Chunk-Key";

	private EntryHeaders() {
	}

}
