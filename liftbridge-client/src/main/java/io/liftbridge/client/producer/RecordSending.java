package io.liftbridge.client.producer;

import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;

/**
 * A message that may become a record of a batch entry.
 */
final class RecordSending extends Sending {

	final AckPolicy policy;

	RecordSending(Message message, int bytes, AckPolicy policy, boolean awaited) {
		super(message, bytes, policy != AckPolicy.NONE, awaited, System.nanoTime());
		this.policy = policy;
	}

	/** Whether it can share a batch entry with another one. */
	boolean fits(RecordSending other) {
		return this.policy == other.policy && isShareable() && other.isShareable();
	}

	/** What expects an offset has one of its own. */
	private boolean isShareable() {
		return this.message.expectedOffset() == Message.ANY_OFFSET;
	}

}
