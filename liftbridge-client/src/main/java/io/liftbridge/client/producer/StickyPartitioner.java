package io.liftbridge.client.producer;

import java.util.concurrent.atomic.AtomicLong;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;

/**
 * Stays with a partition for a number of messages, so that they can go in one batch.
 */
final class StickyPartitioner implements Partitioner {

	private final int messages;

	private final AtomicLong count = new AtomicLong();

	StickyPartitioner(int messages) {
		if (messages < 1) {
			throw new InvalidRequestException(
					"A sticky partitioner that changes after " + messages + " messages; it must be 1 or more.", null);
		}
		this.messages = messages;
	}

	@Override
	public int partition(Message message, int partitions) {
		return (int) (this.count.getAndIncrement() / this.messages % partitions);
	}

}
