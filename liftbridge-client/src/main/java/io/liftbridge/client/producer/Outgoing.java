package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.proto.PublishRequest;

/**
 * Checks messages and puts them into the form in which they go out.
 */
final class Outgoing {

	private final Cluster cluster;

	private final ProducerOptions options;

	private final EntryEncoder entries;

	Outgoing(Cluster cluster, ProducerOptions options, EntryEncoder entries) {
		this.cluster = cluster;
		this.entries = entries;
		this.options = options;
	}

	/**
	 * Prepares a message.
	 * @param message the message
	 * @param partition its partition, or {@link Message#ANY_PARTITION} if that is decided
	 * later
	 * @param awaited whether the future never leaves {@code sendAndWait}
	 */
	Pending prepare(Message message, int partition, boolean awaited) {
		AckPolicy policy = (message.ackPolicy() != null) ? message.ackPolicy() : this.options.ackPolicy();
		check(message, policy);
		PublishRequest.Builder request = request(message, policy);
		int bytes = MessageSize.of(message, RequestValue.put(message, this.entries, request));
		if (bytes > this.cluster.options().maxMessageBytes()) {
			throw MessageSize.tooLarge(bytes, this.cluster,
					"stream '" + this.options.stream() + "'" + ((partition >= 0) ? " partition " + partition : ""));
		}
		Pending pending = new Pending(message, request, bytes, policy != AckPolicy.NONE, awaited,
				this.options.attempts());
		pending.partition(partition);
		pending.collectable(this.options.batching().isPatient());
		return pending;
	}

	private void check(Message message, AckPolicy policy) {
		if (policy == AckPolicy.NONE && message.expectedOffset() != Message.ANY_OFFSET) {
			throw new InvalidRequestException("A message for stream '" + this.options.stream()
					+ "' with an expected offset needs an acknowledgement; policy NONE has none.", null);
		}
		if (!message.ackInbox().isEmpty()) {
			StreamNames.checkConcreteSubject(message.ackInbox());
			if (policy == AckPolicy.NONE) {
				throw new InvalidRequestException("A message for stream '" + this.options.stream() + "' with ackInbox '"
						+ message.ackInbox() + "' needs an acknowledgement; policy NONE has none.", null);
			}
		}
	}

	private PublishRequest.Builder request(Message message, AckPolicy policy) {
		return PublishRequest.newBuilder()
			.setStream(this.options.stream())
			.setAckPolicy(WirePolicy.of(policy))
			.setExpectedOffset(message.expectedOffset());
	}

}
