package io.liftbridge.client.message;

import java.time.Instant;

/**
 * The server's word that a message is stored.
 *
 * @param stream name of the stream that stored it. Streams that share a subject in a
 * load-balance group each store a part of the messages: this may then be another one than
 * was published to, and offset and times are that one's
 * @param partition partition the message was sent to
 * @param offset position of the message in the partition, counted from 0; -1 if the
 * message was sent with {@link AckPolicy#NONE} and is not known to be stored, or is a
 * duplicate
 * @param policy the policy under which it was acknowledged
 * @param receptionNanos when the leader received it, in Unix nanoseconds; this is the
 * message's timestamp
 * @param commitNanos when it was committed, in Unix nanoseconds
 * @param correlationId the {@linkplain Message#correlationId() mark} of the message,
 * empty if it has none
 * @param index the record's place in its batch entry, counted from 0; 0 for a message of
 * its own
 * @param duplicate whether the message was not sent, as one with its publishing id or a
 * higher one was stored in its partition before the producer was started; where and when
 * is not known then: offset is -1, the times are 0
 */
public record Ack(String stream, int partition, long offset, AckPolicy policy, long receptionNanos, long commitNanos,
		String correlationId, int index, boolean duplicate) {

	/**
	 * The acknowledgement of a message that was stored now.
	 * @param stream name of the stream that stored it
	 * @param partition partition the message was sent to
	 * @param offset position of the message in the partition
	 * @param policy the policy under which it was acknowledged
	 * @param receptionNanos when the leader received it, in Unix nanoseconds
	 * @param commitNanos when it was committed, in Unix nanoseconds
	 * @param correlationId the mark of the message
	 * @param index the record's place in its batch entry
	 */
	public Ack(String stream, int partition, long offset, AckPolicy policy, long receptionNanos, long commitNanos,
			String correlationId, int index) {
		this(stream, partition, offset, policy, receptionNanos, commitNanos, correlationId, index, false);
	}

	/**
	 * The acknowledgement of a message that is no record of a batch entry.
	 * @param stream name of the stream that stored it
	 * @param partition partition the message was sent to
	 * @param offset position of the message in the partition
	 * @param policy the policy under which it was acknowledged
	 * @param receptionNanos when the leader received it, in Unix nanoseconds
	 * @param commitNanos when it was committed, in Unix nanoseconds
	 * @param correlationId the mark of the message
	 */
	public Ack(String stream, int partition, long offset, AckPolicy policy, long receptionNanos, long commitNanos,
			String correlationId) {
		this(stream, partition, offset, policy, receptionNanos, commitNanos, correlationId, 0);
	}

	/**
	 * The acknowledgement of a message without a mark.
	 * @param stream name of the stream that stored it
	 * @param partition partition the message was sent to
	 * @param offset position of the message in the partition
	 * @param policy the policy under which it was acknowledged
	 * @param receptionNanos when the leader received it, in Unix nanoseconds
	 * @param commitNanos when it was committed, in Unix nanoseconds
	 */
	public Ack(String stream, int partition, long offset, AckPolicy policy, long receptionNanos, long commitNanos) {
		this(stream, partition, offset, policy, receptionNanos, commitNanos, "");
	}

	/**
	 * Tells the place of what was stored, to compare and to keep.
	 * @return stream, partition, offset and index; without meaning if the offset is -1
	 */
	public EventId eventId() {
		return new EventId(this.stream, this.partition, this.offset, this.index);
	}

	/**
	 * Tells when the leader received the message.
	 * @return the message's timestamp
	 */
	public Instant receivedAt() {
		return ReceivedMessage.instant(this.receptionNanos);
	}

	/**
	 * Tells when the message was committed.
	 * @return the time of commit
	 */
	public Instant committedAt() {
		return ReceivedMessage.instant(this.commitNanos);
	}

}
