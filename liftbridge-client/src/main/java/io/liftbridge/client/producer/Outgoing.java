package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * Checks messages and puts them into the form in which they go out.
 */
final class Outgoing {

	private final Cluster cluster;

	private final ProducerOptions options;

	private final EntryEncoder encoder;

	private final @Nullable PublishingIds ids;

	/** What is added to each message. */
	private final int extraBytes;

	private final int limit;

	private final @Nullable Chunker chunker;

	Outgoing(Cluster cluster, ProducerOptions options, EntryEncoder encoder, @Nullable PublishingIds ids) {
		this.ids = ids;
		this.extraBytes = options.extraBytes();
		this.cluster = cluster;
		this.options = options;
		this.encoder = encoder;
		int most = cluster.options().maxMessageBytes();
		this.chunker = (options.largeMessages() > 0) ? new Chunker(options, most) : null;
		this.limit = (this.chunker != null) ? this.chunker.limit() : most - this.extraBytes;
	}

	/**
	 * Prepares a message.
	 * @param message the message
	 * @param partition its partition, or {@link Message#ANY_PARTITION} if that is decided
	 * later
	 * @param awaited whether the future never leaves {@code sendAndWait}
	 */
	Sending prepare(Message message, int partition, boolean awaited) {
		AckPolicy policy = policy(message);
		check(message, policy);
		Sending pending = prepare(message, partition, policy, awaited);
		pending.partition(partition);
		pending.collectable(this.options.batching().isPatient());
		return pending;
	}

	private Sending prepare(Message message, int partition, AckPolicy policy, boolean awaited) {
		if (isRecord(message)) {
			RecordSending sending = record(message, policy, awaited);
			if (sending.bytes <= this.limit) {
				return sending;
			}
			// It may fit when compressed, or in chunks.
		}
		return single(message, partition, policy, awaited);
	}

	private Sending single(Message message, int partition, AckPolicy policy, boolean awaited) {
		PublishRequest.Builder request = request(message, policy);
		int bytes = MessageSize.of(message, RequestValue.put(message, this.encoder, request));
		if (bytes > this.limit) {
			if (this.chunker == null || bytes > this.options.largeMessages()) {
				throw tooLarge(bytes, partition);
			}
			return this.chunker.split(message, request, bytes, policy != AckPolicy.NONE, awaited);
		}
		return new Pending(message, request, bytes, policy != AckPolicy.NONE, awaited, this.options.attempts());
	}

	private static RecordSending record(Message message, AckPolicy policy, boolean awaited) {
		return new RecordSending(message, MessageSize.of(message), policy, awaited);
	}

	/** Prepares a record of a batch entry that the user has put together. */
	RecordSending prepareRecord(Message message, int partition) {
		if (this.ids != null) {
			this.ids.check(message);
		}
		if (message.expectedOffset() != Message.ANY_OFFSET || !message.ackInbox().isEmpty()) {
			throw new InvalidRequestException(
					"A record of a batch entry for stream '" + this.options.stream()
							+ "' has an expected offset or an ackInbox; only messages of their own can have these.",
					null);
		}
		AckPolicy policy = policy(message);
		if (this.options.exact().idempotence()) {
			checkIdempotent(message, policy);
		}
		RecordSending sending = record(message, policy, false);
		sending.partition(partition);
		return sending;
	}

	AckPolicy policy(Message message) {
		return (message.ackPolicy() != null) ? message.ackPolicy() : this.options.ackPolicy();
	}

	/** What has its own inbox goes by a call of its own. */
	private boolean isRecord(Message message) {
		return this.options.batching().hasEntries() && message.ackInbox().isEmpty();
	}

	private MessageTooLargeException tooLarge(int bytes, int partition) {
		String target = "stream '" + this.options.stream() + "'" + ((partition >= 0) ? " partition " + partition : "");
		return (this.chunker != null) ? MessageSize.tooLarge(bytes, this.options.largeMessages(), target)
				: MessageSize.tooLarge(bytes + this.extraBytes, this.cluster, target);
	}

	private void check(Message message, AckPolicy policy) {
		if (this.options.exact().idempotence()) {
			checkIdempotent(message, policy);
		}
		if (policy == AckPolicy.NONE && message.expectedOffset() != Message.ANY_OFFSET) {
			throw new InvalidRequestException("A message for stream '" + this.options.stream()
					+ "' with an expected offset needs an acknowledgement; policy NONE has none.", null);
		}
		if (this.ids != null) {
			this.ids.check(message);
		}
		else if (message.publishingId() != Message.NO_PUBLISHING_ID) {
			throw new InvalidRequestException(
					"A message for stream '" + this.options.stream() + "' has publishingId " + message.publishingId()
							+ ", but its producer has none. Build it with name(...) and" + " publishingIds(true).",
					null);
		}
		if (!message.ackInbox().isEmpty()) {
			if (this.ids != null) {
				throw new InvalidRequestException("A message for stream '" + this.options.stream() + "' with ackInbox '"
						+ message.ackInbox() + "' goes out of order, but its producer has publishing ids, which must"
						+ " rise. Send it with another producer.", null);
			}
			StreamNames.checkConcreteSubject(message.ackInbox());
			if (policy == AckPolicy.NONE) {
				throw new InvalidRequestException("A message for stream '" + this.options.stream() + "' with ackInbox '"
						+ message.ackInbox() + "' needs an acknowledgement; policy NONE has none.", null);
			}
		}
	}

	private void checkIdempotent(Message message, AckPolicy policy) {
		String why = null;
		if (policy == AckPolicy.NONE) {
			why = "policy NONE: a stream with concurrency control must have AckPolicy set";
		}
		else if (message.expectedOffset() != Message.ANY_OFFSET) {
			why = "an expected offset, which the producer sets itself";
		}
		else if (!message.ackInbox().isEmpty()) {
			why = "an ackInbox: such messages go out of order";
		}
		if (why != null) {
			throw new InvalidRequestException("A message for stream '" + this.options.stream() + "' has " + why
					+ ". Its producer has option idempotence.", null);
		}
	}

	/** Everything but key, headers and value. */
	PublishRequest.Builder request(Message message, AckPolicy policy) {
		return PublishRequest.newBuilder()
			.setStream(this.options.stream())
			.setAckPolicy(WirePolicy.of(policy))
			.setExpectedOffset(message.expectedOffset());
	}

}
