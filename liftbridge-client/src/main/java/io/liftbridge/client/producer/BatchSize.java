package io.liftbridge.client.producer;

import io.liftbridge.client.message.InvalidRequestException;

/**
 * When messages of a partition that were sent one after the other go on their way
 * together. Immutable and safe for use by many threads.
 */
public final class BatchSize {

	private static final BatchSize NONE = new BatchSize(0);

	private static final BatchSize ADAPTIVE = new BatchSize(Integer.MAX_VALUE);

	private final int messages;

	private BatchSize(int messages) {
		this.messages = messages;
	}

	/**
	 * Each message goes out as it is sent.
	 * @return no batches
	 */
	public static BatchSize none() {
		return NONE;
	}

	/**
	 * A message goes out at once if none of its partition is on its way; else it is
	 * collected until those are answered. Batches grow as the server is slow.
	 * @return batches that grow and shrink
	 */
	public static BatchSize adaptive() {
		return ADAPTIVE;
	}

	/**
	 * A batch goes out when it is full, and before that when it has lingered, with
	 * {@code flush} and {@code close}, when somebody waits for one of its futures, and
	 * when somebody waits for room. Without a linger time a batch that is not full may
	 * wait for ever where nothing of this happens. The time for which it waits for more
	 * messages takes nothing of the producer's {@code ackTimeout}.
	 * @param messages how many make a batch full, 1 or more
	 * @return batches of one size
	 */
	public static BatchSize fixed(int messages) {
		if (messages < 1) {
			throw new InvalidRequestException(
					"Producer option batch is fixed(" + messages + "); it must be 1 message or more.", null);
		}
		return new BatchSize(messages);
	}

	/**
	 * Whether there are no batches.
	 * @return whether each message goes out as it is sent
	 */
	public boolean isNone() {
		return this == NONE;
	}

	/**
	 * Whether batches grow and shrink.
	 * @return whether they do
	 */
	public boolean isAdaptive() {
		return this == ADAPTIVE;
	}

	/**
	 * How many messages make a batch full.
	 * @return the number, {@link Integer#MAX_VALUE} for any, 0 without batches
	 */
	public int messages() {
		return this.messages;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof BatchSize that && this.messages == that.messages && isAdaptive() == that.isAdaptive();
	}

	@Override
	public int hashCode() {
		return this.messages;
	}

	@Override
	public String toString() {
		return isNone() ? "none" : isAdaptive() ? "adaptive" : "fixed(" + this.messages + ")";
	}

}
