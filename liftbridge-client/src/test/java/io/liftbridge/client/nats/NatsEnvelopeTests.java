package io.liftbridge.client.nats;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.proto.Ack;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NatsEnvelopeTests {

	private static final Message FULL = Message.builder()
		.key("k")
		.value("v")
		.header("h", "1")
		.ackInbox("acks.mine")
		.correlationId("mine")
		.ackPolicy(AckPolicy.ALL)
		.expectedOffset(7)
		.build();

	@Example
	void carriesEachPartOfAMessage() {
		Message read = NatsEnvelope.decode(NatsEnvelope.encode(FULL)).orElseThrow().message();
		assertThat(read.key()).isEqualTo(FULL.key());
		assertThat(read.value()).isEqualTo(FULL.value());
		assertThat(read.headers()).isEqualTo(FULL.headers());
		assertThat(read.ackInbox()).isEqualTo("acks.mine");
		assertThat(read.correlationId()).isEqualTo("mine");
		assertThat(read.ackPolicy()).isEqualTo(AckPolicy.ALL);
		assertThat(read.expectedOffset()).isEqualTo(7);
		assertThat(read.partition()).isEqualTo(Message.ANY_PARTITION);
	}

	@Example
	void looksOnTheWireAsTheServerWantsIt() {
		byte[] bytes = NatsEnvelope.encode(Message.of(new byte[0]));
		assertThat(HexFormat.of().formatHex(bytes, 0, 8)).isEqualTo("b90e43b4000c0100");
		CRC32C checksum = new CRC32C();
		checksum.update(bytes, 12, bytes.length - 12);
		assertThat(ByteBuffer.wrap(bytes).getInt(8)).isEqualTo((int) checksum.getValue());
	}

	@Example
	void readsAnAcknowledgementAsTheServerSendsIt() {
		io.liftbridge.client.message.Ack ack = NatsEnvelope
			.decode(ack(Ack.newBuilder()
				.setStream("orders")
				.setOffset(5)
				.setCorrelationId("mine")
				.setAckPolicy(io.liftbridge.proto.AckPolicy.ALL)
				.setReceptionTimestamp(1)
				.setCommitTimestamp(2)
				.build()))
			.orElseThrow()
			.ack();
		assertThat(ack).isEqualTo(new io.liftbridge.client.message.Ack("orders", 0, 5, AckPolicy.ALL, 1, 2, "mine"));
	}

	@Example
	void throwsWhatTheServerRefused() {
		assertThatExceptionOfType(IncorrectOffsetException.class)
			.isThrownBy(() -> NatsEnvelope.decode(ack(refused(Ack.Error.INCORRECT_OFFSET))).orElseThrow().ack())
			.withMessageContaining("'orders'");
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> NatsEnvelope.decode(ack(refused(Ack.Error.TOO_LARGE))).orElseThrow().ack());
	}

	@Example
	void aHeaderMayBeLongerThanNeeded() {
		byte[] content = { 26, 1, 'v' };
		byte[] bytes = ByteBuffer.allocate(15).putLong(0xB90E43B4_000C0000L).putInt(0).put(content).array();
		assertThat(NatsEnvelope.decode(bytes).orElseThrow().message().value()).containsExactly('v');
	}

	@Example
	void aBareHeaderIsAnEmptyMessage() {
		byte[] bytes = ByteBuffer.allocate(8).putLong(0xB90E43B4_00080000L).array();
		assertThat(NatsEnvelope.decode(bytes).orElseThrow().message().value()).isEmpty();
	}

	@Example
	void saysWhatIsWrong() {
		assertMalformed("B90E43B4", "ends after 4");
		assertMalformed("B90E43B401080000", "version 1");
		assertMalformed("B90E43B4000C0000", "header of 12 bytes does not fit its 8");
		assertMalformed("B90E43B400FF0000", "header of 255");
		assertMalformed("B90E43B400000000", "header of 0");
		assertMalformed("B90E43B400080100", "with checksum");
		assertMalformed("B90E43B400080002", "type 2");
		assertMalformed("B90E43B4000C010000000001", "checksum is wrong");
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> NatsEnvelope.decode(ack(refused(Ack.Error.OK))).orElseThrow().message())
			.withMessageContaining("ACK instead of MESSAGE");
	}

	@Example
	void aHeaderThatWouldStopAServerIsRefused() {
		byte[] content = io.liftbridge.proto.Message.newBuilder()
			.setOffset(-1)
			.putHeaders("n".repeat(40_000), ByteString.EMPTY)
			.build()
			.toByteArray();
		byte[] bytes = ByteBuffer.allocate(8 + content.length).putLong(0xB90E43B4_00080000L).put(content).array();
		NatsEnvelope envelope = NatsEnvelope.decode(bytes).orElseThrow();
		assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(envelope::message)
			.withMessageContaining("40000 bytes long");
	}

	@Example
	void eachTruncationIsNoticed() {
		byte[] bytes = NatsEnvelope.encode(FULL);
		for (int length = 0; length < bytes.length; length++) {
			byte[] cut = Arrays.copyOf(bytes, length);
			if (length < 4) {
				assertThat(NatsEnvelope.decode(cut)).isEmpty();
			}
			else {
				assertThatExceptionOfType(MalformedEntryException.class).as("%d bytes", length)
					.isThrownBy(() -> NatsEnvelope.decode(cut));
			}
		}
	}

	@Example
	void eachFlippedBitOfTheContentIsNoticed() {
		byte[] bytes = NatsEnvelope.encode(FULL);
		for (int bit = 8 * 8; bit < bytes.length * 8; bit++) {
			byte[] damaged = bytes.clone();
			damaged[bit / 8] ^= (byte) (1 << (bit % 8));
			assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> NatsEnvelope.decode(damaged));
		}
	}

	@Property
	void anyBytesAreRefusedOrRead(@ForAll @Size(max = 300) byte[] bytes) {
		assertHarmless(bytes);
	}

	@Property
	void anyBytesBehindTheMarkAreRefusedOrRead(@ForAll @Size(max = 300) byte[] bytes,
			@ForAll @IntRange(max = 14) int header, @ForAll @IntRange(max = 3) int flags,
			@ForAll @IntRange(max = 2) int type) {
		ByteBuffer buffer = ByteBuffer.allocate(8 + bytes.length).putInt(0xB90E43B4);
		assertHarmless(buffer.put((byte) 0).put((byte) header).put((byte) flags).put((byte) type).put(bytes).array());
	}

	@Property
	void anyValueComesBack(@ForAll byte[] key, @ForAll byte[] value, @ForAll byte[] header) {
		Message sent = Message.builder().key(key).value(value).header("h", header).build();
		Message read = NatsEnvelope.decode(NatsEnvelope.encode(sent)).orElseThrow().message();
		assertThat(read.key()).isEqualTo((key.length > 0) ? key : null);
		assertThat(read.value()).isEqualTo(value);
		assertThat(read.headers().get("h")).isEqualTo(header);
	}

	@Example
	void claimedLengthsTakeNoMemory() throws Exception {
		byte[] content = new byte[10];
		CodedOutputStream wire = CodedOutputStream.newInstance(content);
		wire.writeUInt32NoTag(18);
		wire.writeUInt32NoTag(Integer.MAX_VALUE);
		byte[] bytes = ByteBuffer.allocate(18).putLong(0xB90E43B4_00080000L).put(content).array();
		NatsEnvelope envelope = NatsEnvelope.decode(bytes).orElseThrow();
		// Loads classes.
		assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(envelope::message);
		com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
		long before = threads.getCurrentThreadAllocatedBytes();
		assertHarmless(bytes);
		assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
	}

	private static void assertHarmless(byte[] bytes) {
		try {
			Optional<NatsEnvelope> envelope = NatsEnvelope.decode(bytes);
			if (envelope.isPresent() && envelope.get().type() == NatsEnvelope.Type.MESSAGE) {
				envelope.get().message();
			}
			else if (envelope.isPresent()) {
				envelope.get().wireAck();
			}
		}
		catch (MalformedEntryException ex) {
			assertThat(ex).hasMessageContaining("NATS envelope");
		}
	}

	private static void assertMalformed(String hex, String why) {
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> NatsEnvelope.decode(HexFormat.of().parseHex(hex)))
			.withMessageContaining(why);
	}

	private static Ack refused(Ack.Error error) {
		return Ack.newBuilder().setStream("orders").setAckError(error).build();
	}

	static byte[] ack(Ack ack) {
		ByteString content = ack.toByteString();
		return ByteBuffer.allocate(8 + content.size()).putLong(0xB90E43B4_00080001L).put(content.toByteArray()).array();
	}

}
