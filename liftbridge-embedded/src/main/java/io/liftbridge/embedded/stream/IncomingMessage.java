package io.liftbridge.embedded.stream;

import java.util.Map;

import com.google.protobuf.ByteString;
import io.liftbridge.proto.Message;

/**
 * A message on its way to the partitions that listen to its subject.
 *
 * @param subject where it is sent
 * @param reply the NATS reply subject, mostly empty
 * @param stream the stream it was published to, empty if it was published to a subject
 * @param key empty for none
 * @param value may be empty
 * @param headers the sender's own headers
 * @param ackInbox where acknowledgements go
 * @param correlationId returned with acknowledgements
 * @param ackPolicy the number of the policy, which may be one that no broker knows
 * @param expectedOffset the offset it must get under concurrency control, -1 for any
 */
public record IncomingMessage(String subject, String reply, String stream, ByteString key, ByteString value,
		Map<String, ByteString> headers, String ackInbox, String correlationId, int ackPolicy, long expectedOffset) {

	private static final int ENVELOPE_HEADER = 8;

	/**
	 * More than the small fields of a message and the framing of all of them can take.
	 */
	private static final int SMALL_FIELDS = 256;

	/**
	 * Whether the message, in the envelope it travels in on a real cluster, is larger
	 * than a limit.
	 * @param limit bytes
	 * @return {@code true} if so
	 */
	boolean isLargerThan(int limit) {
		long atMost = SMALL_FIELDS + this.key.size() + this.value.size();
		atMost += 3L * (this.subject.length() + this.stream.length() + this.ackInbox.length());
		atMost += 3L * this.correlationId.length();
		for (Map.Entry<String, ByteString> header : this.headers.entrySet()) {
			atMost += 3L * header.getKey().length() + header.getValue().size() + SMALL_FIELDS;
		}
		return atMost > limit && envelopeSize() > limit;
	}

	private int envelopeSize() {
		return ENVELOPE_HEADER + Message.newBuilder()
			.setKey(this.key)
			.setValue(this.value)
			.setStream(this.stream)
			.setSubject(this.subject)
			.putAllHeaders(this.headers)
			.setAckInbox(this.ackInbox)
			.setCorrelationId(this.correlationId)
			.setAckPolicyValue(this.ackPolicy)
			.setOffset(this.expectedOffset)
			.build()
			.getSerializedSize();
	}

}
