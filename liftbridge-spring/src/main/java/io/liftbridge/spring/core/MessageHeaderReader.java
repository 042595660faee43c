package io.liftbridge.spring.core;

import java.util.Map;

import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Reads from message headers where a message is to go. The same headers tell of a
 * received message where it comes from: one that is passed on must not run back there.
 */
final class MessageHeaderReader {

	private final Map<String, Object> headers;

	private final @Nullable ReceivedMessage<?> origin;

	MessageHeaderReader(Map<String, Object> headers) {
		this.headers = headers;
		this.origin = (headers.get(LiftbridgeHeaders.RECORD) instanceof ReceivedMessage<?> record) ? record : null;
	}

	@Nullable String stream() {
		Object stream = this.headers.get(LiftbridgeHeaders.STREAM);
		if (stream == null || (this.origin != null && this.origin.stream().equals(stream.toString()))) {
			return null;
		}
		return stream.toString();
	}

	void apply(Message.Builder builder) {
		Object key = this.headers.get(LiftbridgeHeaders.KEY);
		if (key instanceof byte[] bytes) {
			builder.key(bytes);
		}
		else if (key != null) {
			builder.key(key.toString());
		}
		Object partition = this.headers.get(LiftbridgeHeaders.PARTITION);
		if (partition != null) {
			int number = number(partition);
			if (this.origin == null || this.origin.partition() != number) {
				builder.partition(number);
			}
		}
		Object ackPolicy = this.headers.get(LiftbridgeHeaders.ACK_POLICY);
		if (ackPolicy instanceof AckPolicy policy) {
			builder.ackPolicy(policy);
		}
		else if (ackPolicy != null) {
			builder.ackPolicy(AckPolicy.valueOf(ackPolicy.toString()));
		}
	}

	private static int number(Object partition) {
		if (partition instanceof Number number) {
			return number.intValue();
		}
		try {
			return Integer.parseInt(partition.toString().trim());
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("Header " + LiftbridgeHeaders.PARTITION + " is '" + partition
					+ "'; it must be the number of a partition.", ex);
		}
	}

}
