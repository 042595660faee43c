package io.liftbridge.embedded.stream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.liftbridge.embedded.log.LogRecord;
import io.liftbridge.proto.Message;

/**
 * A message in the form in which a partition stores and delivers it: encoded once, when
 * it is stored.
 * <p>
 * Two encoded protobuf messages one after the other are the encoding of both merged. So
 * what all messages of a partition have in common is encoded in advance and only
 * appended. It comes last because its {@code subject} and {@code reply} headers replace
 * those of the sender.
 */
final class StoredMessage implements LogRecord {

	/**
	 * What a broker's log writes around each message: set header, checksum, attributes
	 * and lengths.
	 */
	private static final int LOG_OVERHEAD = 28 + 4 + 2 + 4 + 4 + 2;

	private static final int HEADER_OVERHEAD = 2 + 4;

	private final IncomingMessage message;

	private final Common common;

	StoredMessage(IncomingMessage message, Common common) {
		this.message = message;
		this.common = common;
	}

	@Override
	public long expectedOffset() {
		return this.message.expectedOffset();
	}

	@Override
	public ByteString key() {
		return this.message.key();
	}

	@Override
	public int storedSize() {
		int size = LOG_OVERHEAD + this.message.key().size() + this.message.value().size() + this.common.headerBytes;
		for (Map.Entry<String, ByteString> header : this.message.headers().entrySet()) {
			if (!Common.isSetByBroker(header.getKey())) {
				size += HEADER_OVERHEAD + header.getKey().length() + header.getValue().size();
			}
		}
		return size;
	}

	@Override
	public byte[] encode(long offset, long timestamp) {
		Message own = Message.newBuilder()
			.setOffset(offset)
			.setTimestamp(timestamp)
			.setKey(this.message.key())
			.setValue(this.message.value())
			.putAllHeaders(this.message.headers())
			.build();
		int size = own.getSerializedSize();
		byte[] tail = this.common.encoded;
		byte[] encoded = new byte[size + tail.length];
		try {
			own.writeTo(CodedOutputStream.newInstance(encoded, 0, size));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("An array is never too small for its message", ex);
		}
		System.arraycopy(tail, 0, encoded, size, tail.length);
		return encoded;
	}

	/**
	 * What all messages of a partition that arrive on the same subject have in common.
	 */
	static final class Common {

		private static final String SUBJECT = "subject";

		private static final String REPLY = "reply";

		private final byte[] encoded;

		private final int headerBytes;

		Common(String stream, int partition, String subject, String reply) {
			this.encoded = Message.newBuilder()
				.setStream(stream)
				.setPartition(partition)
				.setSubject(subject)
				.setReplySubject(reply)
				.putHeaders(SUBJECT, ByteString.copyFromUtf8(subject))
				.putHeaders(REPLY, ByteString.copyFromUtf8(reply))
				.build()
				.toByteArray();
			this.headerBytes = 2 * HEADER_OVERHEAD + SUBJECT.length() + REPLY.length() + utf8Length(subject)
					+ utf8Length(reply);
		}

		private static int utf8Length(String text) {
			return text.getBytes(StandardCharsets.UTF_8).length;
		}

		private static boolean isSetByBroker(String header) {
			return SUBJECT.equals(header) || REPLY.equals(header);
		}

	}

}
