package io.liftbridge.client.producer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.WireBytes;
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

	Outgoing(Cluster cluster, ProducerOptions options) {
		this.cluster = cluster;
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
		PublishRequest.Builder request = encode(message, policy);
		int bytes = MessageSize.of(message);
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

	private PublishRequest.Builder encode(Message message, AckPolicy policy) {
		PublishRequest.Builder request = PublishRequest.newBuilder()
			.setStream(this.options.stream())
			.setValue(WireBytes.value(message))
			.setAckPolicy(WirePolicy.of(policy))
			.setExpectedOffset(message.expectedOffset());
		byte[] key = message.key();
		if (key != null) {
			request.setKey(UnsafeByteOperations.unsafeWrap(key));
		}
		if (!message.headers().isEmpty()) {
			message.headers().forEach((name, value) -> request.putHeaders(name, ByteString.copyFrom(value)));
		}
		return request;
	}

}
