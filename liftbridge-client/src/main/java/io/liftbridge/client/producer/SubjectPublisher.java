package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.cluster.Translator;
import io.liftbridge.client.cluster.WireBytes;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.RequestTimeoutException;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.proto.PublishToSubjectRequest;
import io.liftbridge.proto.PublishToSubjectResponse;

/**
 * Publishes to NATS subjects. For use inside the client.
 */
public final class SubjectPublisher {

	private final Cluster cluster;

	/**
	 * Creates it.
	 * @param cluster the brokers
	 */
	public SubjectPublisher(Cluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * Publishes a message.
	 * @param subject the subject, without wildcards
	 * @param message the message; its partition n above 0 means {@code subject.n}
	 * @param timeout how long to wait for the first acknowledgement
	 * @return completes with the first acknowledgement
	 */
	public CompletableFuture<Ack> publish(String subject, Message message, Duration timeout) {
		String target = StreamNames
			.checkConcreteSubject((message.partition() > 0) ? subject + "." + message.partition() : subject);
		if (message.expectedOffset() != Message.ANY_OFFSET) {
			throw new InvalidRequestException("publish to subject '" + target + "': expected offset "
					+ message.expectedOffset() + " cannot be told to a subject; publish to the stream.", null);
		}
		MessageSize.check(message, this.cluster, "subject '" + target + "'");
		AckPolicy policy = (message.ackPolicy() != null) ? message.ackPolicy() : AckPolicy.LEADER;
		PublishToSubjectRequest.Builder request = PublishToSubjectRequest.newBuilder()
			.setSubject(target)
			.setValue(WireBytes.value(message))
			.setAckInbox(message.ackInbox())
			.setCorrelationId(message.correlationId())
			.setAckPolicy(WirePolicy.of(policy));
		byte[] key = message.key();
		if (key != null) {
			request.setKey(UnsafeByteOperations.unsafeWrap(key));
		}
		message.headers().forEach((name, value) -> request.putHeaders(name, ByteString.copyFrom(value)));
		return this.cluster
			.call(Rpc.PUBLISH_TO_SUBJECT, request.build(), Target.any(), "subject '" + target + "'", timeout)
			.handleAsync((response, failure) -> outcome(target, message, timeout, response, failure));
	}

	private static Ack outcome(String subject, Message message, Duration timeout, PublishToSubjectResponse response,
			Throwable failure) {
		int partition = Math.max(0, message.partition());
		if (failure != null) {
			LiftbridgeException known = Cluster.unwrap(failure);
			if (known instanceof RequestTimeoutException) {
				throw new AckTimeoutException("publish to subject '" + subject + "': no acknowledgement within "
						+ timeout + ". No stream listens to it, or its leader is away.", known, Outcome.INDETERMINATE);
			}
			throw known;
		}
		if (!response.hasAck()) {
			return new Ack("", partition, -1, AckPolicy.NONE, 0, 0, message.correlationId());
		}
		io.liftbridge.proto.Ack ack = response.getAck();
		LiftbridgeException refusal = Translator.refusal(ack, "publish to subject '" + subject + "'");
		if (refusal != null) {
			throw refusal;
		}
		return WirePolicy.of(ack, ack.getStream(), partition, message.correlationId());
	}

}
