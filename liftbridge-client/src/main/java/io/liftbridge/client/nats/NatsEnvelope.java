package io.liftbridge.client.nats;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;

/**
 * What Liftbridge and its clients send each other over NATS: a message to store, or the
 * acknowledgement of one. A NATS message without envelope is stored as it is, as a value
 * without key, and not acknowledged. Immutable; safe for use by many threads.
 * <p>
 * On the wire, big-endian: {@code B9 0E 43 B4}, version 0, length of the header (8, or 12
 * with a checksum), flags (1: checksum), type (0: message, 1: acknowledgement), with a
 * checksum the CRC-32C of what follows; then the content as Protocol Buffers.
 */
public final class NatsEnvelope {

	private static final int MAGIC = 0xB90E43B4;

	private static final int MAGIC_BYTES = 4;

	private static final int HEADER = 8;

	private static final int HEADER_WITH_CHECKSUM = 12;

	private static final int CHECKSUM_FLAG = 1;

	private final Type type;

	private final ByteString content;

	private NatsEnvelope(Type type, ByteString content) {
		this.type = type;
		this.content = content;
	}

	/**
	 * Puts a message into an envelope, with a checksum. Its partition is not part of it,
	 * but of the NATS subject.
	 * @param message the message; a policy that is not set is {@link AckPolicy#LEADER}
	 * @return the bytes to send
	 */
	public static byte[] encode(Message message) {
		return encode(message, message.ackInbox());
	}

	static byte[] encode(Message message, String ackInbox) {
		byte[] content = WireMessages.of(message, ackInbox).toByteArray();
		CRC32C checksum = new CRC32C();
		checksum.update(content);
		return ByteBuffer.allocate(HEADER_WITH_CHECKSUM + content.length)
			.putInt(MAGIC)
			.put((byte) 0)
			.put((byte) HEADER_WITH_CHECKSUM)
			.put((byte) CHECKSUM_FLAG)
			.put((byte) Type.MESSAGE.ordinal())
			.putInt((int) checksum.getValue())
			.put(content)
			.array();
	}

	/**
	 * Opens an envelope. Takes no more memory than the bytes do, whatever lengths they
	 * claim.
	 * @param bytes what came over NATS; not changed any more
	 * @return the envelope, empty if the bytes do not begin like one
	 * @throws MalformedEntryException if they do, but are truncated, damaged, or of a
	 * version or type that is not known
	 */
	public static Optional<NatsEnvelope> decode(byte[] bytes) {
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		if (bytes.length < MAGIC_BYTES || buffer.getInt() != MAGIC) {
			return Optional.empty();
		}
		if (bytes.length < HEADER) {
			throw malformed("it ends after " + bytes.length + " of at least " + HEADER + " bytes");
		}
		int version = Byte.toUnsignedInt(buffer.get());
		int header = Byte.toUnsignedInt(buffer.get());
		boolean checked = (buffer.get() & CHECKSUM_FLAG) != 0;
		int type = Byte.toUnsignedInt(buffer.get());
		if (version != 0) {
			throw malformed("version " + version + " is not known");
		}
		if (header < HEADER || header > bytes.length || (checked && header != HEADER_WITH_CHECKSUM)) {
			throw malformed("a header of " + header + " bytes does not fit its " + bytes.length + " bytes"
					+ (checked ? " with checksum" : ""));
		}
		if (type >= Type.values().length) {
			throw malformed("type " + type + " is not known");
		}
		if (checked) {
			CRC32C checksum = new CRC32C();
			checksum.update(bytes, header, bytes.length - header);
			if ((int) checksum.getValue() != buffer.getInt()) {
				throw malformed("its checksum is wrong");
			}
		}
		return Optional.of(new NatsEnvelope(Type.values()[type],
				UnsafeByteOperations.unsafeWrap(bytes, header, bytes.length - header)));
	}

	/**
	 * Tells what is inside.
	 * @return the type
	 */
	public Type type() {
		return this.type;
	}

	/**
	 * Reads the message.
	 * @return the message, with any partition
	 * @throws MalformedEntryException if it is none, or cannot be read
	 */
	public Message message() {
		expect(Type.MESSAGE);
		try {
			return WireMessages.message(io.liftbridge.proto.Message.parseFrom(this.content));
		}
		catch (InvalidProtocolBufferException ex) {
			throw new MalformedEntryException("A message in a NATS envelope cannot be read: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Reads the acknowledgement. It does not tell the partition, which is 0 here.
	 * @return the acknowledgement
	 * @throws MalformedEntryException if it is none, or cannot be read
	 * @throws io.liftbridge.client.message.LiftbridgeException if the message was refused
	 */
	public Ack ack() {
		return WireMessages.ack(wireAck(), 0);
	}

	io.liftbridge.proto.Ack wireAck() {
		expect(Type.ACK);
		try {
			return io.liftbridge.proto.Ack.parseFrom(this.content);
		}
		catch (InvalidProtocolBufferException ex) {
			throw new MalformedEntryException(
					"An acknowledgement in a NATS envelope cannot be read: " + ex.getMessage(), ex);
		}
	}

	private void expect(Type expected) {
		if (this.type != expected) {
			throw malformed("it carries " + this.type + " instead of " + expected);
		}
	}

	private static MalformedEntryException malformed(String why) {
		return new MalformedEntryException("A NATS envelope cannot be read: " + why + ".", null);
	}

	@Override
	public String toString() {
		return "NatsEnvelope[" + this.type + ", " + this.content.size() + " bytes]";
	}

	/**
	 * What an envelope carries, in the order of the numbers on the wire.
	 */
	public enum Type {

		/** A message to store. */
		MESSAGE,
		/** The acknowledgement of a message. */
		ACK

	}

}
