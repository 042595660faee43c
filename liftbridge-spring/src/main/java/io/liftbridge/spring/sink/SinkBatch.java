package io.liftbridge.spring.sink;

import java.util.List;

import io.liftbridge.client.message.ReceivedMessage;

/**
 * Messages of one partition to be written together.
 *
 * @param stream the stream's name
 * @param partition the partition's number
 * @param messages what is to be written, in order; empty if the last message was
 * dead-lettered and is only to be passed
 * @param last the message up to which the partition is done once this is written
 */
public record SinkBatch(String stream, int partition, List<ReceivedMessage<byte[]>> messages,
		ReceivedMessage<byte[]> last) {

	@Override
	public String toString() {
		return this.stream + "/" + this.partition + ", " + this.messages.size() + " message(s) up to offset "
				+ this.last.offset();
	}

}
