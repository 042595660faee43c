package io.liftbridge.client.entry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * From messages to what is stored, and back.
 */
class EntryTests {

	private final EntryDecoder decoder = decoder(EntryOptions.DEFAULT);

	@ParameterizedTest
	@ValueSource(strings = { "none", "zlib", "gzip", "lzma", "zstd", "lz4" })
	void unpacksBatches(String encoding) {
		EncodedEntry entry = encoder(Compression.named(encoding), 0).encode(batch(3));
		assertThat(entry.records()).isEqualTo(3);
		ReceivedMessage<byte[]> stored = stored(entry, Map.of("trace", "t1"));
		assertThat(stored.headers().names())
			.isEqualTo(encoding.equals("none") ? java.util.Set.of("trace", EntryHeaders.BATCH)
					: java.util.Set.of("trace", EntryHeaders.BATCH, EntryHeaders.ENCODING));
		List<ReceivedMessage<byte[]>> records = decode(this.decoder, stored, false);
		assertThat(records).extracting(ReceivedMessage::text).containsExactly("value 0", "value 1", "value 2");
		assertThat(records).extracting(ReceivedMessage::keyText).containsExactly("k0", "k1", "k2");
		assertThat(records).extracting(ReceivedMessage::index).containsExactly(0, 1, 2);
		assertThat(records).allSatisfy((record) -> {
			assertThat(record.headers().names()).containsExactlyInAnyOrder("trace", "n");
			assertThat(record.recordCount()).isEqualTo(3);
			assertThat(record.creationNanos()).isEqualTo(42);
		});
		assertThat(decode(this.decoder, stored, true)).extracting(ReceivedMessage::index).containsExactly(2, 1, 0);
	}

	@Test
	void unpacksValuesAndLeavesTheRest() {
		Message message = Message.of("k", "x".repeat(100));
		EncodedEntry entry = encoder(Compression.ZSTD, 100).encode(message);
		assertThat(entry).isNotNull();
		assertThat(entry.length()).isLessThan(50);
		assertThat(entry.uncompressedLength()).isEqualTo(100);
		ReceivedMessage<byte[]> read = decode(this.decoder, stored(entry, Map.of("trace", "t1")), false).get(0);
		assertThat(read.text()).isEqualTo("x".repeat(100));
		assertThat(read.keyText()).isEqualTo("wire");
		assertThat(read.headers().names()).containsExactly("trace");
		assertThat(read.index()).isZero();
		assertThat(read.recordCount()).isEqualTo(1);
		assertThat(read.processedOffset()).isEqualTo(9);
	}

	@Test
	void compressesFromTheThresholdOnUnlessToldOtherwise() {
		EntryEncoder encoder = encoder(Compression.ZLIB, 100);
		assertThat(encoder.encode(Message.of(new byte[99]))).isNull();
		assertThat(encoder.encode(Message.of(new byte[100]))).isNotNull();
		assertThat(encoder.encode(Message.builder().value(new byte[5]).compress(true).build())).isNotNull();
		assertThat(encoder.encode(Message.builder().value(new byte[100]).compress(false).build())).isNull();
		// Somebody has done so already.
		assertThat(encoder.encode(Message.builder().value(new byte[100]).header("X-Msg-Encoding", "gzip").build()))
			.isNull();
		assertThat(EntryEncoder.PLAIN.encode(Message.builder().value(new byte[100]).compress(true).build())).isNull();
		assertThat(encoder(Compression.ZLIB, 0).encode(Message.of(new byte[0]))).isNotNull();
	}

	/** Its reader would take it for an attack. */
	@Test
	void compressesNothingBeyondWhatReadersTake() {
		EncodedEntry entry = encoder(Compression.ZSTD, 0).encode(Message.of(new byte[16 << 20]));
		assertThat(entry).isNotNull();
		assertThat(decode(this.decoder, stored(entry, Map.of()), false)).hasSize(1);
		assertThat(encoder(Compression.ZSTD, 0).encode(Message.of(new byte[18 << 20]))).isNull();
	}

	@Test
	void looksAtNothingElse() {
		assertThat(this.decoder.isEntry(Map.of())).isFalse();
		assertThat(this.decoder.isEntry(Map.of("subject", "s", "reply", ""))).isFalse();
		assertThat(this.decoder.isEntry(Map.of("X-Msg-Encoding", ""))).isTrue();
		assertThat(this.decoder.isEntry(Map.of("Liftbridge-Batch", ""))).isTrue();
		assertThat(decoder(EntryOptions.DEFAULT.unpack(false)).isEntry(Map.of("Liftbridge-Batch", ""))).isFalse();
		assertThat(decoder(EntryOptions.DEFAULT.encodingHeader("Enc")).isEntry(Map.of("X-Msg-Encoding", ""))).isFalse();
	}

	@Test
	void takesAnotherHeader() {
		EntryEncoder encoder = new EntryEncoder(Codecs.STANDARD, Compression.GZIP, 0, "Enc");
		ReceivedMessage<byte[]> stored = stored(encoder.encode(batch(2)), Map.of());
		assertThat(stored.headers().text("Enc")).isEqualTo("gzip");
		assertThat(decode(decoder(EntryOptions.DEFAULT.encodingHeader("Enc")), stored, false)).hasSize(2);
		for (String name : new String[] { "", "subject", "reply", "Liftbridge-Batch" }) {
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> EntryOptions.DEFAULT.encodingHeader(name))
				.withMessageContaining("encodingHeader is '" + name + "'");
		}
	}

	@Test
	void refusesOrPassesWhatItDoesNotKnow() {
		ReceivedMessage<byte[]> stored = message(new byte[5], Map.of("X-Msg-Encoding", "brotli"));
		assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> this.decoder.decode(stored, false))
			.withMessageStartingWith("stream 'orders' partition 2 offset 9 cannot be read: its compression is 'brotli'")
			.withMessageContaining("unpack(false)")
			.satisfies((ex) -> assertThat(ex.raw()).isSameAs(stored));
		EntryDecoder lenient = decoder(EntryOptions.DEFAULT.unknownEncoding(UnknownEncoding.PASS_THROUGH));
		assertThat(decode(lenient, stored, false)).containsExactly(stored);
		assertMalformed(lenient, message(new byte[5], Map.of("X-Msg-Encoding", "zlib")), "5 bytes of zlib");
	}

	@Test
	void refusesWhatIsMalformed() {
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "1;1")),
				"0 records instead of 1");
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "1;0")), "no number of records");
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "1;-1")), "no number of records");
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "1;99999999999")),
				"no number of records");
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "2;1")), "version 1");
		assertMalformed(this.decoder, message(new byte[0], Map.of("Liftbridge-Batch", "")), "version 1");
		assertMalformed(this.decoder, message(new byte[0], Map.of("X-Msg-Encoding", "zlib\nERROR forged")),
				"bytes that are no name");
		EncodedEntry entry = encoder(Compression.LZ4, 0).encode(batch(1000));
		assertMalformed(decoder(EntryOptions.DEFAULT.maxUncompressedBytes(1000)), stored(entry, Map.of()),
				"more than 1000 bytes");
	}

	private static void assertMalformed(EntryDecoder decoder, ReceivedMessage<byte[]> stored, String reason) {
		assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> decoder.decode(stored, false))
			.withMessageContaining("stream 'orders' partition 2 offset 9")
			.satisfies((ex) -> assertThat(ex.reason()).contains(reason).doesNotContain("\n"))
			.satisfies((ex) -> assertThat(ex.raw()).isSameAs(stored));
	}

	private static RecordBatchEncoder batch(int count) {
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		for (int i = 0; i < count; i++) {
			batch.add(Message.of("k" + i, "value " + i).toBuilder().header("n", "" + i).build(), 42);
		}
		return batch;
	}

	private static EntryEncoder encoder(Compression compression, int threshold) {
		return new EntryEncoder(Codecs.STANDARD, compression, threshold, EntryHeaders.ENCODING);
	}

	private static EntryDecoder decoder(EntryOptions options) {
		return new EntryDecoder(Codecs.STANDARD, options);
	}

	private static List<ReceivedMessage<byte[]>> decode(EntryDecoder decoder, ReceivedMessage<byte[]> stored,
			boolean reverse) {
		List<ReceivedMessage<byte[]>> records = new ArrayList<>();
		decoder.decode(stored, reverse).forEachRemaining(records::add);
		return records;
	}

	private static ReceivedMessage<byte[]> stored(EncodedEntry entry, Map<String, String> headers) {
		Map<String, String> all = new LinkedHashMap<>(headers);
		entry.forEachHeader((name, value) -> all.put(name, new String(value, StandardCharsets.US_ASCII)));
		return message(java.util.Arrays.copyOf(entry.array(), entry.length()), all);
	}

	private static ReceivedMessage<byte[]> message(byte[] value, Map<String, String> headers) {
		Headers all = Headers.empty();
		for (Map.Entry<String, String> header : headers.entrySet()) {
			all = all.with(header.getKey(), header.getValue());
		}
		return ReceivedMessage.of("orders", 2, 9, 1, "wire".getBytes(StandardCharsets.UTF_8), value, all, "orders", "");
	}

}
