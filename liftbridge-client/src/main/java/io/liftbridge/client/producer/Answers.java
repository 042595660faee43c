package io.liftbridge.client.producer;

import io.liftbridge.client.cluster.Bounds;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Missing;
import io.liftbridge.client.cluster.Translator;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server's answers to published messages mean.
 */
final class Answers {

	private static final Logger logger = LoggerFactory.getLogger(Answers.class);

	private Answers() {
	}

	/** The number of the message that is answered, -1 if it is none of ours. */
	static long sequence(PublishResponse response) {
		try {
			return Long.parseLong(response.getCorrelationId());
		}
		catch (NumberFormatException ex) {
			return -1;
		}
	}

	/** A broker that has just started does not know its streams for a moment. */
	static boolean isTransient(PublishAsyncError error, Cluster cluster) {
		return error.getCode() == PublishAsyncError.Code.NOT_FOUND && cluster.isRecovering();
	}

	/** What an answer means that is no error. */
	static Pending stored(Pending pending, PublishResponse response, String by) {
		LiftbridgeException refusal = refusal(pending, response);
		return (refusal != null) ? pending.resolve(refusal) : accepted(pending, response, by);
	}

	/** What an answer means that {@link #refusal} finds nothing in. */
	static Pending accepted(Pending pending, PublishResponse response, String by) {
		return pending
			.resolve(WirePolicy.of(response.getAck(), by, pending.partition, pending.message.correlationId()));
	}

	/**
	 * Why an answer that is no error does not say that the message is stored: only an
	 * acknowledgement that names a stream and carries no error itself does.
	 */
	static @Nullable LiftbridgeException refusal(Pending pending, PublishResponse response) {
		Ack ack = response.getAck();
		return ack.getStream().isEmpty() ? nothing(pending) : Translator.refusal(ack, "publish");
	}

	private static LiftbridgeException nothing(Pending pending) {
		return new LiftbridgeException(
				"publish to stream '" + pending.request.getStream() + "' partition " + pending.partition
						+ ": the server answered without saying where the message is stored, or why not.",
				null, Outcome.INDETERMINATE);
	}

	static LiftbridgeException failure(PublishAsyncError error, String stream, int partition, int bytes,
			long expectedOffset) {
		String asked = "publish to stream '" + stream + "' partition " + partition + ": ";
		String answer = "the server answered " + error.getCode() + " \"" + error.getMessage() + "\". ";
		return switch (error.getCode()) {
			case NOT_FOUND -> error.getMessage().startsWith("no such partition")
					? new PartitionNotFoundException(asked + answer + "Check the stream's number of partitions.", null)
					: new StreamNotFoundException(asked + answer + Missing.REMEDY, null);
			case READONLY -> new ReadonlyPartitionException(
					asked + answer
							+ "Clear the read-only flag (streams().setReadonly), or publish to another partition.",
					null);
			case INCORRECT_OFFSET -> new IncorrectOffsetException(asked + answer
					+ ((expectedOffset == Message.ANY_OFFSET)
							? "The stream has optimistic concurrency control, and the message says no expectedOffset."
							: "The message expected offset " + expectedOffset
									+ ": read the newest offset again, as another writer was faster."),
					null);
			case BAD_REQUEST ->
				error.getMessage().contains("max replication size") ? tooLarge(answer.trim(), stream, partition, bytes)
						: new InvalidRequestException(asked + answer + "Correct the message.", null);
			case ENCRYPTION_FAILED ->
				new EncryptionFailedException(asked + answer + "Check the server's encryption key.", null);
			// The server stores the message although it says so.
			case PERMISSION_DENIED -> new NotAuthorizedException(asked + answer
					+ "It may be stored all the same. Allow it in the server's policy for the common name of this"
					+ " client's certificate.", null, Outcome.INDETERMINATE);
			case INTERNAL -> error.getMessage().contains("maximum payload exceeded")
					? tooLarge(answer.trim(), stream, partition, bytes)
					: new LiftbridgeException(asked + answer, null, Outcome.INDETERMINATE);
			default -> new LiftbridgeException(asked + answer, null, Outcome.INDETERMINATE);
		};
	}

	static MessageTooLargeException tooLarge(String answer, String stream, int partition, int bytes) {
		return new MessageTooLargeException("publish to stream '" + stream + "' partition " + partition
				+ ": a message of " + bytes + " bytes is over the server's limit (" + answer
				+ "). Send smaller messages, lower maxMessageBytes (liftbridge.max-message-size) to that limit and"
				+ " store what is over it in chunks (largeMessages), or raise clustering.replication.max.bytes on the"
				+ " server and max_payload of NATS.", null);
	}

	static LiftbridgeException timeout(ProducerOptions options, Pending pending, @Nullable String lastFailure) {
		String asked = "publish to stream '" + options.stream() + "' partition " + pending.partition + ": ";
		if (!pending.sent) {
			return new BrokerUnavailableException(asked + "no broker could be reached within "
					+ Bounds.text(options.ackTimeout()) + ((lastFailure != null) ? ", at last: " + lastFailure : "")
					+ ". The message was not sent.", null, Outcome.NOT_SENT);
		}
		return new AckTimeoutException(asked + "no acknowledgement within " + Bounds.text(options.ackTimeout())
				+ ((lastFailure != null) ? "; the connection failed: " + lastFailure : "")
				+ ((pending.foreignStream() != null)
						? "; only stream '" + pending.foreignStream() + "' on the same subject acknowledged it" : "")
				+ ". The message may be stored all the same. Raise ackTimeout (liftbridge.producer.ack-timeout) if the"
				+ " cluster is slow.", null, Outcome.INDETERMINATE);
	}

	static LiftbridgeException connectionLost(String stream, Pending pending, String why) {
		return new BrokerUnavailableException(
				"publish to stream '" + stream + "' partition " + pending.partition
						+ ": the connection was lost before the answer (" + why + "). "
						+ ((pending.message.expectedOffset() != Message.ANY_OFFSET)
								? "The message expects an offset, so it was not sent again"
								: "The message was not sent again, as the producer's option retries is reached")
						+ ": look at the partition's newest offset to learn whether it was stored.",
				null, Outcome.INDETERMINATE);
	}

	static EnqueueTimeoutException noRoom(String stream, int inFlight) {
		return new EnqueueTimeoutException("No room for a message to stream '" + stream + "': " + inFlight
				+ " messages are on their way without acknowledgement. The broker is slow"
				+ " or away; raise maxInFlight (liftbridge.producer.max-in-flight) or enqueueTimeout"
				+ " (liftbridge.producer.enqueue-timeout), or send more slowly.", null, Outcome.NOT_SENT);
	}

	static EnqueueTimeoutException queueFull(ProducerOptions options, int waiting, int mostMessages) {
		return new EnqueueTimeoutException("No room for a message to stream '" + options.stream()
				+ "' in the queue of sendAsync: " + waiting + " messages wait in it; it takes at most " + mostMessages
				+ " messages and " + options.maxInFlightBytes() + " bytes. The message was not sent. Wait for some of"
				+ " the futures before sending more, raise maxInFlight (liftbridge.producer.max-in-flight) or"
				+ " maxInFlightBytes (liftbridge.producer.max-in-flight-size), or use send, which waits for room.",
				null, Outcome.NOT_SENT);
	}

	static EnqueueTimeoutException noRoom(ProducerOptions options, int partition) {
		return new EnqueueTimeoutException(
				"No room for a message to stream '" + options.stream() + "' partition " + partition
						+ ": a batch is full and " + options.batching().maxBatches()
						+ " are on their way without acknowledgement. The broker is slow or away; raise maxBatches"
						+ " (liftbridge.producer.max-batches), maxBatchBytes (liftbridge.producer.max-batch-bytes) or"
						+ " enqueueTimeout (liftbridge.producer.enqueue-timeout), or send more slowly.",
				null, Outcome.NOT_SENT);
	}

	static AckTimeoutException notSentInTime(ProducerOptions options, int partition) {
		return new AckTimeoutException("publish to stream '" + options.stream() + "' partition " + partition
				+ ": those before it were not acknowledged within " + Bounds.text(options.ackTimeout())
				+ ". The message was not sent. Raise ackTimeout (liftbridge.producer.ack-timeout) if the cluster is"
				+ " slow.", null, Outcome.NOT_SENT);
	}

	static ClientClosedException producerClosed(String stream) {
		return new ClientClosedException("The producer for stream '" + stream + "' is closed.", null, Outcome.NOT_SENT);
	}

	static LiftbridgeException closed(String stream, Pending pending) {
		return new ClientClosedException(
				"The producer for stream '" + stream + "' was closed before the message to partition "
						+ pending.partition + " was acknowledged."
						+ (pending.sent ? " It may be stored all the same." : " It was not sent."),
				null, pending.sent ? Outcome.INDETERMINATE : Outcome.NOT_SENT);
	}

	/** An error for a message without acknowledgement, or the second answer to one. */
	static void logUnmatched(String stream, int partition, PublishResponse response) {
		if (response.hasAsyncError()) {
			logger.warn("Stream '{}' partition {}: a message was refused that nobody waits for: {} \"{}\"", stream,
					partition, response.getAsyncError().getCode(), response.getAsyncError().getMessage());
		}
		else {
			logger.debug("Stream '{}' partition {}: late acknowledgement for offset {}", stream, partition,
					response.getAck().getOffset());
		}
	}

}
