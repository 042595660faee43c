package io.liftbridge.client.nats;

import java.util.HashMap;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.cluster.Translator;
import io.liftbridge.client.cluster.WireBytes;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;

/**
 * Translates what envelopes carry.
 */
final class WireMessages {

	private WireMessages() {
	}

	static io.liftbridge.proto.Message of(Message message, String ackInbox) {
		io.liftbridge.proto.Message.Builder wire = io.liftbridge.proto.Message.newBuilder()
			.setValue(WireBytes.value(message))
			.setOffset(message.expectedOffset())
			.setAckInbox(ackInbox)
			.setCorrelationId(message.correlationId())
			.setAckPolicy(policy(message.ackPolicy() != null ? message.ackPolicy() : AckPolicy.LEADER));
		byte[] key = message.key();
		if (key != null) {
			wire.setKey(UnsafeByteOperations.unsafeWrap(key));
		}
		message.headers().forEach((name, value) -> wire.putHeaders(name, UnsafeByteOperations.unsafeWrap(value)));
		return wire.build();
	}

	static Message message(io.liftbridge.proto.Message wire) {
		if (wire.getOffset() < Message.ANY_OFFSET) {
			throw new MalformedEntryException(
					"A message in a NATS envelope cannot be read: it expects offset " + wire.getOffset() + ".", null);
		}
		Map<String, byte[]> headers = new HashMap<>();
		for (Map.Entry<String, ByteString> header : wire.getHeadersMap().entrySet()) {
			headers.put(header.getKey(), header.getValue().toByteArray());
		}
		Message.Builder message = Message.builder()
			.key(wire.getKey().toByteArray())
			.value(wire.getValue().toByteArray())
			.headers(Headers.received(headers))
			.expectedOffset(wire.getOffset())
			.ackInbox(wire.getAckInbox())
			.correlationId(wire.getCorrelationId())
			.ackPolicy(policy(wire.getAckPolicy()));
		try {
			return message.build();
		}
		catch (InvalidRequestException ex) {
			throw new MalformedEntryException("A message in a NATS envelope cannot be read: " + ex.getMessage(), ex);
		}
	}

	static Ack ack(io.liftbridge.proto.Ack wire, int partition) {
		LiftbridgeException refusal = Translator.refusal(wire, "publish to subject '" + wire.getMsgSubject() + "'");
		if (refusal != null) {
			throw refusal;
		}
		return new Ack(wire.getStream(), partition, wire.getOffset(), policy(wire.getAckPolicy()),
				wire.getReceptionTimestamp(), wire.getCommitTimestamp(), wire.getCorrelationId());
	}

	private static io.liftbridge.proto.AckPolicy policy(AckPolicy policy) {
		return switch (policy) {
			case LEADER -> io.liftbridge.proto.AckPolicy.LEADER;
			case ALL -> io.liftbridge.proto.AckPolicy.ALL;
			case NONE -> io.liftbridge.proto.AckPolicy.NONE;
		};
	}

	private static AckPolicy policy(io.liftbridge.proto.AckPolicy policy) {
		return switch (policy) {
			case LEADER -> AckPolicy.LEADER;
			case ALL -> AckPolicy.ALL;
			case NONE -> AckPolicy.NONE;
			default -> throw new MalformedEntryException(
					"A NATS envelope cannot be read: its acknowledgement policy is not known.", null);
		};
	}

}
