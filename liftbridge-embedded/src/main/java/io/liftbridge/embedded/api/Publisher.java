package io.liftbridge.embedded.api;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

import io.liftbridge.embedded.stream.Cluster;
import io.liftbridge.embedded.stream.IncomingMessage;
import io.liftbridge.embedded.stream.Partition;
import io.liftbridge.embedded.stream.Stream;
import io.liftbridge.embedded.stream.Streams;
import io.liftbridge.embedded.stream.Subjects;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PublishAsyncError.Code;
import io.liftbridge.proto.PublishRequest;
import org.jspecify.annotations.Nullable;

/**
 * Publishes to streams: checks, resumes what is paused, and sends to the partition's
 * subject. Thread-safe.
 */
final class Publisher {

	private static final String INBOX_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

	private static final int INBOX_ID_LENGTH = 22;

	private final Cluster cluster;

	private final Streams streams;

	private final Subjects subjects;

	Publisher(Cluster cluster, Streams streams, Subjects subjects) {
		this.cluster = cluster;
		this.streams = streams;
		this.subjects = subjects;
	}

	/**
	 * A new subject to send acknowledgements to.
	 */
	String newAckInbox() {
		StringBuilder inbox = new StringBuilder(this.cluster.namespace()).append(".ack.");
		for (int i = 0; i < INBOX_ID_LENGTH; i++) {
			inbox.append(INBOX_CHARACTERS.charAt(ThreadLocalRandom.current().nextInt(INBOX_CHARACTERS.length())));
		}
		return inbox.toString();
	}

	/**
	 * Finds where a message goes, and makes it ready to take the message.
	 * @throws PublishRefusedException if the message cannot go there
	 */
	Partition open(PublishRequest request) {
		Stream stream = this.streams.find(request.getStream());
		if (stream == null) {
			throw new PublishRefusedException(Code.NOT_FOUND, "no such stream: " + request.getStream());
		}
		Partition partition = stream.partition(request.getPartition());
		if (partition == null) {
			throw new PublishRefusedException(Code.NOT_FOUND, "no such partition: " + request.getPartition());
		}
		if (partition.log().isReadonly()) {
			throw new PublishRefusedException(Code.READONLY, "readonly partition: " + request.getPartition());
		}
		if (partition.log().options().concurrencyControl() && request.getAckPolicyValue() == AckPolicy.NONE_VALUE) {
			throw new PublishRefusedException(Code.BAD_REQUEST,
					"stream with concurrency control must have AckPolicy set");
		}
		this.streams.resumeFor(stream, partition);
		return partition;
	}

	/**
	 * Sends a message. Returns when it is stored, or will never be.
	 */
	void publish(Partition partition, PublishRequest request, String ackInbox, Consumer<Ack> acks) {
		this.subjects.publish(new IncomingMessage(partition.subject(), "", request.getStream(), request.getKey(),
				request.getValue(), request.getHeadersMap(), ackInbox, request.getCorrelationId(),
				request.getAckPolicyValue(), request.getExpectedOffset()), acks);
	}

	/**
	 * What an acknowledgement says has gone wrong.
	 * @return the refusal, or {@code null} if the message was stored
	 */
	static @Nullable PublishRefusedException refusalIn(Ack ack) {
		return switch (ack.getAckError()) {
			case OK -> null;
			case INCORRECT_OFFSET -> new PublishRefusedException(Code.INCORRECT_OFFSET, "incorrect expected offset");
			case TOO_LARGE -> new PublishRefusedException(Code.BAD_REQUEST, "message exceeds max replication size");
			default -> new PublishRefusedException(Code.UNKNOWN, "unknown error");
		};
	}

}
