package io.liftbridge.client.cluster;

import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.CursorsDisabledException;
import io.liftbridge.client.message.EncryptionFailedException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.NotAuthorizedException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.message.StreamExistsException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.proto.Ack;
import org.jspecify.annotations.Nullable;

/**
 * Turns what a server answers into the client's exceptions. One gRPC code means many
 * things to this server, so its words decide. For use inside the client.
 */
public final class Translator {

	private Translator() {
	}

	/**
	 * Translates a failed call.
	 * @param status how it ended
	 * @param action what was asked: "create stream"
	 * @param what what it was about: "stream 'orders'"
	 * @param harmless whether a lost answer leaves nothing in doubt: it was a question,
	 * or did not reach the server
	 * @return the exception
	 */
	public static LiftbridgeException translate(RpcStatus status, String action, String what, boolean harmless) {
		String asked = action + ": " + what + ": ";
		String answer = "the server answered " + status + ". ";
		if (status.isNotAuthorized()) {
			return new NotAuthorizedException(
					asked + answer
							+ "Allow it in the server's policy for the common name of this client's certificate.",
					null);
		}
		return switch (status.code()) {
			case UNAVAILABLE -> new BrokerUnavailableException(
					asked + "the connection to broker " + status.broker() + " failed: " + status.text()
							+ ". Check that it runs and can be reached.",
					null, harmless ? Outcome.NOT_SENT : Outcome.INDETERMINATE);
			case DEADLINE_EXCEEDED -> new RequestTimeoutException(
					asked + "no answer from broker " + status.broker() + " in time. "
							+ (harmless ? "" : "It may still be carried out. ")
							+ "Raise the request timeout (liftbridge.request-timeout) if the cluster is slow.",
					null, harmless ? Outcome.NOT_SENT : Outcome.INDETERMINATE);
			case ALREADY_EXISTS -> new StreamExistsException(asked
					+ "it exists already; names are unique whatever the subject (the server answered " + status + ").",
					null);
			case NOT_FOUND -> notFound(status, asked, answer);
			case INVALID_ARGUMENT ->
				status.text().contains("exceeds max replication size") ? new MessageTooLargeException(
						asked + answer
								+ "Send smaller messages, or raise clustering.replication.max.bytes on the server.",
						null) : new InvalidRequestException(asked + answer + "Correct the request.", null);
			case FAILED_PRECONDITION -> precondition(status, asked, answer);
			case RESOURCE_EXHAUSTED -> exhausted(status, asked, answer);
			case INTERNAL -> internal(status, asked, answer);
			case UNKNOWN -> unknown(status, asked, answer);
			case UNIMPLEMENTED ->
				new LiftbridgeException(asked + answer + "This broker cannot do it, or is no Liftbridge broker.");
			default -> new LiftbridgeException(asked + answer, null, Outcome.INDETERMINATE);
		};
	}

	/**
	 * Translates the refusal that an acknowledgement may carry.
	 * @param ack the acknowledgement
	 * @param asked what was asked: "publish to subject 'a'"
	 * @return the exception, or {@code null} if the message was stored
	 */
	public static @Nullable LiftbridgeException refusal(Ack ack, String asked) {
		if (ack.getAckError() == Ack.Error.OK) {
			// Nearly always: costs no text.
			return null;
		}
		String where = asked + ": stream '" + ack.getStream() + "' answered " + ack.getAckError() + ". ";
		return switch (ack.getAckError()) {
			case INCORRECT_OFFSET -> new IncorrectOffsetException(
					where + "It has optimistic concurrency control: read its newest offset again, and say which one you"
							+ " expect.",
					null);
			case TOO_LARGE -> new MessageTooLargeException(where
					+ "Send smaller messages, or raise clustering.replication.max.bytes on the server and max_payload"
					+ " of NATS.", null);
			case ENCRYPTION -> new EncryptionFailedException(where + "Check the server's encryption key.", null);
			default -> new LiftbridgeException(where, null, Outcome.INDETERMINATE);
		};
	}

	private static LiftbridgeException notFound(RpcStatus status, String asked, String answer) {
		if (status.text().contains("artition") && !status.text().startsWith("no such stream")) {
			return new PartitionNotFoundException(
					asked + answer + "Check the stream's name and its number of partitions.", null);
		}
		return new StreamNotFoundException(
				asked + "it does not exist (the server answered " + status + "). " + Missing.REMEDY, null);
	}

	private static LiftbridgeException precondition(RpcStatus status, String asked, String answer) {
		if (status.text().startsWith("readonly partition")) {
			return new ReadonlyPartitionException(
					asked + answer
							+ "Clear the read-only flag (streams().setReadonly), or publish to another partition.",
					null);
		}
		if (status.text().contains("encryption handler")) {
			return new EncryptionFailedException(
					asked + answer + "Give the server a key in LIFTBRIDGE_ENCRYPTION_KEY (16 or 32 bytes).", null);
		}
		if (status.text().contains("leader")) {
			return new BrokerUnavailableException(
					asked + answer + "The partition has no leader at the moment, is moving, or is paused; try again.",
					null, Outcome.REFUSED);
		}
		return new LiftbridgeException(asked + answer);
	}

	private static LiftbridgeException exhausted(RpcStatus status, String asked, String answer) {
		if (status.text().contains("larger than max")) {
			return new MessageTooLargeException(asked + answer + "Send smaller messages.", null);
		}
		if (status.text().startsWith("gRPC message exceeds maximum size")) {
			// This is said by the client's own transport.
			return new MessageTooLargeException(
					asked + "what broker " + status.broker() + " answered is larger than this client takes ("
							+ status.text() + "). Raise maxInboundBytes (liftbridge.max-inbound-size).",
					null);
		}
		return new LiftbridgeException(asked + answer);
	}

	private static LiftbridgeException internal(RpcStatus status, String asked, String answer) {
		if (status.text().contains("Cursors stream does not exist")) {
			return new CursorsDisabledException(asked + answer
					+ "Set cursors.stream.partitions to 1 or more in the server's configuration and restart it.", null);
		}
		if (status.text().contains("no known metadata leader")) {
			return new BrokerUnavailableException(asked + answer + "The cluster is electing a leader; try again.", null,
					Outcome.REFUSED);
		}
		if (status.text().startsWith("encryption failed")) {
			return new EncryptionFailedException(asked + answer + "Check the server's encryption key.", null);
		}
		return new LiftbridgeException(asked + answer, null, Outcome.INDETERMINATE);
	}

	private static LiftbridgeException unknown(RpcStatus status, String asked, String answer) {
		if (status.text().contains("incorrect expected offset")) {
			return new IncorrectOffsetException(
					asked + answer + "Read the newest offset again: another writer was faster.", null);
		}
		if (status.text().contains("maximum payload exceeded")) {
			return new MessageTooLargeException(asked + answer + "Send smaller messages, or raise max_payload of NATS.",
					null);
		}
		if (status.text().contains("invalid subject")) {
			return new InvalidRequestException(asked + answer + "Correct the subject.", null);
		}
		return new LiftbridgeException(asked + answer, null, Outcome.INDETERMINATE);
	}

}
