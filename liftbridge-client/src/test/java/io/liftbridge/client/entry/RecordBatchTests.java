package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.Record;
import io.liftbridge.proto.RecordBatch;
import io.liftbridge.proto.RecordHeader;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The codec against itself, against the class that is generated from the definition, and
 * against hostile bytes.
 */
class RecordBatchTests {

	private static final Headers COMMON = Headers.empty().with("subject", "orders");

	private static final ReceivedMessage<byte[]> ENTRY = ReceivedMessage.of("orders", 3, 77, 1234, null, new byte[0],
			COMMON, "orders", "");

	@Property(tries = 150)
	void readsWhatItWrites(@ForAll("messages") List<Message> messages, @ForAll long nanos) {
		byte[] bytes = encode(messages, nanos);
		List<ReceivedMessage<byte[]>> records = decode(bytes, messages.size());
		for (int i = 0; i < records.size(); i++) {
			Message sent = messages.get(i);
			ReceivedMessage<byte[]> record = records.get(i);
			assertThat(record.key()).isEqualTo(sent.key());
			assertThat(record.value()).isEqualTo(sent.value());
			Map<String, byte[]> headers = new LinkedHashMap<>();
			COMMON.forEach(headers::put);
			sent.headers().forEach(headers::put);
			assertThat(record.headers()).isEqualTo(Headers.received(headers));
			assertThat(record.index()).isEqualTo(i);
			assertThat(record.recordCount()).isEqualTo(messages.size());
			assertThat(record.creationNanos()).isEqualTo(nanos);
			assertThat(record.offset()).isEqualTo(77);
			assertThat(record.processedOffset()).isEqualTo((i == records.size() - 1) ? 77 : 76);
			assertThat(record.timestampNanos()).isEqualTo(1234);
			assertThat(record.partition()).isEqualTo(3);
		}
	}

	@Property(tries = 150)
	void writesWhatTheGeneratedClassReads(@ForAll("messages") List<Message> messages, @ForAll long nanos)
			throws InvalidProtocolBufferException {
		byte[] bytes = encode(messages, nanos);
		RecordBatch batch = RecordBatch.parseFrom(bytes);
		assertThat(batch).isEqualTo(generated(messages, nanos));
		assertThat(batch.toByteArray()).isEqualTo(bytes);
	}

	@Property(tries = 150)
	void readsWhatTheGeneratedClassWrites(@ForAll("messages") List<Message> messages, @ForAll long nanos) {
		byte[] bytes = generated(messages, nanos).toByteArray();
		List<ReceivedMessage<byte[]>> records = decode(bytes, messages.size());
		assertThat(records).extracting(ReceivedMessage::text)
			.isEqualTo(messages.stream().map((m) -> new String(m.value(), StandardCharsets.UTF_8)).toList());
		assertThat(records).extracting(ReceivedMessage::creationNanos).containsOnly(nanos);
	}

	@Property(tries = 200)
	void knowsSizesBeforehand(@ForAll("messages") List<Message> messages, @ForAll long nanos) {
		RecordBatchEncoder encoder = new RecordBatchEncoder(0);
		for (Message message : messages) {
			int before = encoder.size();
			int expected = RecordBatchEncoder.sizeOf(message, nanos);
			encoder.add(message, nanos);
			assertThat(encoder.size() - before).isEqualTo(expected);
		}
		assertThat(encoder.count()).isEqualTo(messages.size());
		encoder.clear();
		assertThat(encoder.size()).isZero();
	}

	@Test
	void tellsAnEmptyKeyFromNone() {
		byte[] bytes = RecordBatch.newBuilder()
			.addRecords(Record.newBuilder().setKey(ByteString.EMPTY))
			.addRecords(Record.newBuilder())
			.build()
			.toByteArray();
		List<ReceivedMessage<byte[]>> records = decode(bytes, 2);
		assertThat(records.get(0).key()).isEmpty();
		assertThat(records.get(1).key()).isNull();
		assertThat(records.get(1).value()).isEmpty();
	}

	/** A later version may say more. */
	@Test
	void skipsFieldsThatItDoesNotKnow() {
		UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
			.addField(15, UnknownFieldSet.Field.newBuilder().addVarint(-1).build())
			.addField(16, UnknownFieldSet.Field.newBuilder().addFixed32(7).addFixed64(8).build())
			.addField(5000, UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("x")).build())
			.build();
		Record record = Record.newBuilder()
			.setValue(ByteString.copyFromUtf8("v"))
			.addHeaders(RecordHeader.newBuilder().setName("n").setUnknownFields(unknown))
			.setUnknownFields(unknown)
			.build();
		byte[] bytes = RecordBatch.newBuilder()
			.addRecords(record)
			.addRecords(record)
			.setUnknownFields(unknown)
			.build()
			.toByteArray();
		assertThat(decode(bytes, 2)).allSatisfy((read) -> {
			assertThat(read.text()).isEqualTo("v");
			assertThat(read.headers().get("n")).isEmpty();
		});
	}

	@Test
	void refusesWrongCounts() {
		byte[] bytes = encode(List.of(Message.of(new byte[3]), Message.of(new byte[4])), 1);
		for (int count : new int[] { 1, 3, Integer.MAX_VALUE }) {
			assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> decode(bytes, count))
				.withMessageContaining("2 records instead of " + count);
		}
	}

	@Property(tries = 30)
	void refusesEachTruncation(@ForAll("messages") List<Message> messages) {
		byte[] bytes = encode(messages, 1);
		for (int length = 0; length < bytes.length; length++) {
			byte[] part = Arrays.copyOf(bytes, length);
			assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> decode(part, messages.size()));
		}
	}

	/** Nothing but records or the one exception, and no more bytes than there were. */
	@Property(tries = 1500)
	void survivesNoise(@ForAll @Size(max = 300) byte[] noise, @ForAll @IntRange(min = 1, max = 5) int count) {
		readOrRefuse(noise, count);
	}

	@Property(tries = 2000)
	void survivesDamage(@ForAll("messages") List<Message> messages, @ForAll int position, @ForAll byte wrong) {
		byte[] bytes = encode(messages, 5);
		bytes[Math.floorMod(position, bytes.length)] = wrong;
		readOrRefuse(bytes, messages.size());
	}

	@Test
	void allocatesNothingForALength() {
		// A record of 2 GiB - 1, of -1, of 2^40 bytes; a number that never ends.
		for (int[] hostile : new int[][] { { 10, 0xff, 0xff, 0xff, 0xff, 7 },
				{ 10, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1 },
				{ 10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20 },
				{ 10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1 }, { 10, 2, 0x12, 0x7f },
				{ 10, 4, 0x1a, 2, 0x12, 0x7f }, { 0 }, { 11 }, { 10, 1, 0x23 } }) {
			byte[] bytes = new byte[hostile.length];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (byte) hostile[i];
			}
			assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> decode(bytes, 1));
		}
	}

	private static void readOrRefuse(byte[] bytes, int count) {
		List<ReceivedMessage<byte[]>> records;
		try {
			records = decode(bytes, count);
		}
		catch (MalformedEntryException ex) {
			assertThat(ex.reason()).isNotEmpty();
			return;
		}
		assertThat(records).hasSize(count);
		assertThat(records.stream().mapToLong((record) -> record.value().length).sum())
			.isLessThanOrEqualTo(bytes.length);
	}

	private static byte[] encode(List<Message> messages, long nanos) {
		RecordBatchEncoder encoder = new RecordBatchEncoder(0);
		messages.forEach((message) -> encoder.add(message, nanos));
		return encoder.toByteArray();
	}

	private static List<ReceivedMessage<byte[]>> decode(byte[] bytes, int count) {
		RecordBatchDecoder decoder = new RecordBatchDecoder(bytes, count);
		List<ReceivedMessage<byte[]>> records = new ArrayList<>();
		while (decoder.hasNext()) {
			records.add(decoder.next(ENTRY, COMMON));
		}
		return records;
	}

	private static RecordBatch generated(List<Message> messages, long nanos) {
		RecordBatch.Builder batch = RecordBatch.newBuilder();
		for (Message message : messages) {
			Record.Builder record = batch.addRecordsBuilder()
				.setValue(ByteString.copyFrom(message.value()))
				.setCreationNanos(nanos);
			byte[] key = message.key();
			if (key != null) {
				record.setKey(ByteString.copyFrom(key));
			}
			message.headers()
				.forEach(
						(name, value) -> record.addHeadersBuilder().setName(name).setValue(ByteString.copyFrom(value)));
		}
		return batch.build();
	}

	@Provide
	Arbitrary<List<Message>> messages() {
		Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
		Arbitrary<Map<String, byte[]>> headers = Arbitraries
			.maps(Arbitraries.strings()
				.excludeChars('\ud800')
				.ofMinLength(1)
				.ofMaxLength(5)
				.filter(RecordBatchTests::isText), Arbitraries.bytes().array(byte[].class).ofMaxSize(5))
			.ofMaxSize(3);
		return Combinators.combine(bytes, bytes, headers)
			.as((key, value, all) -> Message.builder().key(key).value(value).headers(Headers.of(all)).build())
			.list()
			.ofMinSize(1)
			.ofMaxSize(8);
	}

	/** Half a surrogate is no text that would come back. */
	private static boolean isText(String name) {
		return new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(name);
	}

}
