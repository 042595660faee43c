package io.liftbridge.client.producer;

import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.PublishingId;

/**
 * How a producer makes sure that it is known what was stored. For use inside the client.
 *
 * @param publishingIds whether messages are numbered
 * @param idempotence whether messages expect offsets, so that none is stored twice
 */
public record ExactOptions(boolean publishingIds, boolean idempotence) {

	/** Neither. */
	static final ExactOptions NONE = new ExactOptions(false, false);

	/** With the sign that more follow. */
	private static final int LONGEST_NUMBER = 20;

	private static final int LONGEST_TOKEN = 36;

	ExactOptions publishingIds(boolean on) {
		return new ExactOptions(on, this.idempotence);
	}

	ExactOptions idempotence(boolean on) {
		return new ExactOptions(this.publishingIds, on);
	}

	/** What is added to each message of the server. */
	int bytes(String name) {
		int bytes = 0;
		if (this.idempotence) {
			bytes += MessageSize.HEADER_BYTES + PublishingId.TOKEN_HEADER.length() + LONGEST_TOKEN;
		}
		if (this.publishingIds) {
			bytes += 2 * MessageSize.HEADER_BYTES + PublishingId.PRODUCER_HEADER.length() + name.length() * 3
					+ PublishingId.HEADER.length() + LONGEST_NUMBER;
		}
		return bytes;
	}

	/** Refuses what cannot work together. */
	ExactOptions check(String name, AckPolicy policy, int retries) {
		if (this.publishingIds && name.isEmpty()) {
			throw new InvalidRequestException(
					"Producer option publishingIds needs option name: by it the messages are found again."
							+ " Give each producer of the stream its own name, and always the same.",
					null);
		}
		if (this.idempotence && policy == AckPolicy.NONE) {
			throw new InvalidRequestException("Producer option idempotence is on, but ackPolicy is NONE:"
					+ " a stream with concurrency control must have AckPolicy set. Use ALL or LEADER.", null);
		}
		if (this.idempotence && retries != ProducerBuilder.UNLIMITED) {
			throw new InvalidRequestException("Producer option idempotence is on, but retries is " + retries
					+ ": it works by sending again what is not stored. Leave retries out.", null);
		}
		return this;
	}

}
