package io.liftbridge.client.consumer;

/**
 * Decides how many messages to ask for, so that no more than the prefetch waits in
 * memory. Asks in chunks of a quarter of the room. Not safe for use by several threads.
 */
final class Credit {

	private static final int LARGEST_MESSAGE = 1 << 20;

	private final int maxMessages;

	private final long maxBytes;

	private int requested;

	private int buffered;

	private double averageBytes;

	Credit(int maxMessages, long maxBytes) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
	}

	/** A new call: nothing was asked for yet. */
	void reset() {
		this.requested = 0;
	}

	void received(int messages, long bytes) {
		this.requested -= messages;
		this.buffered += messages;
		double average = Math.max(1, (double) bytes / messages);
		this.averageBytes = (this.averageBytes == 0) ? average : this.averageBytes * 0.9 + average * 0.1;
		// A few large messages among many small ones must count at once.
		this.averageBytes = Math.max(this.averageBytes, (messages > 0) ? average / 4 : 0);
	}

	void consumed(int messages) {
		this.buffered -= messages;
	}

	/** How many messages to ask for now, possibly none. */
	int next() {
		// As long as sizes are not known, each may be as large as the server allows.
		double expected = (this.averageBytes > 0) ? this.averageBytes : LARGEST_MESSAGE;
		int room = (int) Math.max(1, Math.min(this.maxMessages, (long) (this.maxBytes / expected)));
		int missing = room - this.requested - this.buffered;
		if (missing <= 0 || missing < room / 4) {
			return 0;
		}
		this.requested += missing;
		return missing;
	}

}
