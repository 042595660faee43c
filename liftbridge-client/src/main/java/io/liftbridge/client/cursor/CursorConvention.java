package io.liftbridge.client.cursor;

/**
 * What the number stored in a cursor means. Programs that share cursors must agree on it:
 * mixing the two loses or repeats one message at each restart.
 */
public enum CursorConvention {

	/** The offset of the last processed message, as go-liftbridge does. The default. */
	LAST_PROCESSED,

	/** The offset of the next message to process, as Gufo Liftbridge does. */
	NEXT_OFFSET;

	/**
	 * Names the cursors of a consumer group, as go-liftbridge does.
	 * @param group the group's name
	 * @return the id that all its cursors have
	 */
	public static String groupCursorId(String group) {
		return "__group:" + group;
	}

	/**
	 * Computes what to store.
	 * @param processed offset of the last processed message
	 * @return the number to store
	 */
	public long stored(long processed) {
		return (this == LAST_PROCESSED) ? processed : processed + 1;
	}

	/**
	 * Computes the last processed offset.
	 * @param stored the stored number
	 * @return offset of the last processed message
	 */
	public long processed(long stored) {
		return (this == LAST_PROCESSED) ? stored : stored - 1;
	}

}
