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

	private EntryHeaders() {
	}

}
