package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.entry.Codecs;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EncodedEntry;
import io.liftbridge.client.entry.EntryEncoder;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.entry.RecordBatchEncoder;
import io.liftbridge.client.entry.UnknownEncoding;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Entries from a producer to all kinds of readers.
 */
class EntryConsumerTests extends FakeClusterTest {

	private static final String LONG_TEXT = "0123456789".repeat(30);

	@ParameterizedTest
	@ValueSource(strings = { "zlib", "gzip", "lzma", "zstd", "lz4" })
	void whatAProducerCompressesItsReadersDecompress(String encoding) {
		try (Producer producer = this.client.producer("orders")
			.compression(Compression.named(encoding))
			.compressionThreshold(100)
			.build()) {
			get(producer.send(Message.builder().key("k").value(LONG_TEXT).header("region", "eu").build()));
			get(producer.send(Message.of("k", "short")));
			get(producer.send(Message.builder().key("k").value(LONG_TEXT).compress(false).build()));
		}
		List<ReceivedMessage<byte[]>> stored = stored(false);
		assertThat(stored.get(0).headers().text("X-Msg-Encoding")).isEqualTo(encoding);
		assertThat(stored.get(0).value().length).isLessThan(150);
		assertThat(stored.get(1).text()).isEqualTo("short");
		assertThat(stored.get(2).text()).isEqualTo(LONG_TEXT);
		List<ReceivedMessage<byte[]>> read = stored(true);
		assertThat(read).extracting(ReceivedMessage::text).containsExactly(LONG_TEXT, "short", LONG_TEXT);
		assertThat(read).extracting(ReceivedMessage::keyText).containsOnly("k");
		assertThat(read.get(0).headers().text("region")).isEqualTo("eu");
		assertThat(read.get(0).headers().names()).doesNotContain("X-Msg-Encoding");
	}

	@Test
	void theLimitIsForWhatIsSent() {
		try (Producer producer = this.client.producer("orders").compression(Compression.ZSTD).build()) {
			get(producer.send(Message.of(new byte[5 << 20])));
			byte[] noise = new byte[2 << 20];
			new java.util.Random(1).nextBytes(noise);
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> producer.send(Message.of(noise)));
		}
		assertThat(stored(true).get(0).value()).hasSize(5 << 20);
	}

	@Test
	void aProducerIsRefusedWhatItCannotDo() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").compression(Compression.named("brotli")).build())
			.withMessageContaining("Producer option compression of stream 'orders' is 'brotli'");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").compression(Compression.ZLIB.level(77)).build())
			.withMessageContaining("level 77");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").compressionThreshold(-1))
			.withMessageContaining("compressionThreshold is -1");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").encodingHeader(""))
			.withMessageContaining("encodingHeader");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.subscribe("orders").maxUncompressedBytes(0))
			.withMessageContaining("maxUncompressedBytes is 0");
	}

	@Test
	void headersOfAnotherName() {
		try (Producer producer = this.client.producer("orders")
			.compression(Compression.ZLIB)
			.encodingHeader("Enc")
			.build()) {
			get(producer.send(Message.of("k", LONG_TEXT)));
		}
		try (Consumer consumer = this.client.consumer("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.encodingHeader("Enc")
			.open()) {
			assertThat(consumer.poll(LONG)).extracting(ReceivedMessage::text).containsExactly(LONG_TEXT);
		}
	}

	@Test
	void pullingTakesRecordsAsMessages() {
		publish(entry("a", "b", "c"), Message.of("plain".getBytes()), entry("d"));
		try (Consumer consumer = this.client.consumer("orders")
			.partition(0)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.maxPoll(2)
			.open()) {
			assertThat(consumer.poll(LONG)).extracting(ReceivedMessage::text).containsExactly("a", "b");
			assertThat(consumer.lastProcessed(0)).isEqualTo(-1);
			assertThat(consumer.poll(LONG)).extracting(ReceivedMessage::text).startsWith("c");
			assertThat(consumer.lastProcessed(0)).isNotNegative();
		}
	}

	@Test
	void theReaderGivesAnEntryAsAWholeOrItsFirstRecord() {
		publish(entry("a", "b", "c"), Message.of("plain".getBytes()), broken());
		MessageReader reader = this.client.reader();
		assertThat(reader.readAll("orders", 0, 0, LONG)).extracting(ReceivedMessage::text)
			.containsExactly("a", "b", "c");
		assertThat(reader.readAll("orders", 0, 1, LONG)).extracting(ReceivedMessage::text).containsExactly("plain");
		assertThat(reader.readAll("orders", 0, 7, LONG)).isEmpty();
		assertThat(reader.read("orders", 0, 0, LONG)).extracting(ReceivedMessage::text).isEqualTo("a");
		assertThat(reader.read("orders", 0, StartPosition.earliest(), 2, LONG)).extracting(ReceivedMessage::text)
			.containsExactly("a", "b");
		assertThat(reader.read("orders", 0, StartPosition.earliest(), 20, LONG)).hasSize(4);
		assertThatExceptionOfType(MalformedEntryException.class).isThrownBy(() -> reader.read("orders", 0, 2, LONG))
			.withMessageContaining("stream 'orders' partition 0 offset 2");
	}

	@Test
	void aSubscriptionGoesOnBehindWhatIsMalformed() {
		publish(broken(), Message.of("plain".getBytes()));
		List<MalformedEntryException> told = new CopyOnWriteArrayList<>();
		Collector received = new Collector();
		Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.listener(new SubscriptionListener() {

				@Override
				public void onMalformed(Subscription source, MalformedEntryException malformed) {
					told.add(malformed);
				}

			})
			.handler(received)
			.start();
		await().atMost(LONG).until(() -> subscription.lastProcessed() == 1);
		assertThat(received.offsets()).containsExactly(1L);
		await().atMost(LONG).until(() -> told.size() == 1);
		assertThat(told.get(0).raw()).satisfies((raw) -> assertThat(raw.text()).isEqualTo("no batch"));
		subscription.close();
	}

	@Test
	void aConsumerIsToldOfWhatIsMalformed() {
		publish(broken(), Message.of("plain".getBytes()));
		List<String> told = new CopyOnWriteArrayList<>();
		try (Consumer consumer = this.client.consumer("orders")
			.from(StartPosition.earliest())
			.onMalformed((malformed) -> told.add(malformed.reason()))
			.open()) {
			assertThat(consumer.poll(LONG)).extracting(ReceivedMessage::text).containsExactly("plain");
			await().atMost(LONG).until(() -> told.size() == 1);
		}
	}

	@Test
	void whatIsNotKnownMayPass() {
		publish(Message.builder().value("?").header("X-Msg-Encoding", "brotli").build());
		Collector received = new Collector();
		get(this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.unknownEncoding(UnknownEncoding.PASS_THROUGH)
			.handler(received)
			.start()
			.ended());
		assertThat(received.offsets()).containsExactly(0L);
	}

	/** In small pieces, with hardly any room. */
	@Test
	void creditsAreGivenBackForEachMessageOfTheBroker() {
		Message[] messages = new Message[60];
		for (int i = 0; i < messages.length; i++) {
			messages[i] = (i % 3 == 0) ? broken() : (i % 3 == 1) ? entry("a", "b", "c") : Message.of(new byte[1]);
		}
		publish(messages);
		Collector received = new Collector();
		get(this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.prefetch(1)
			.filter((message) -> message.index() != 1)
			.handler(received)
			.start()
			.ended());
		assertThat(received.offsets()).hasSize(60);
	}

	private List<ReceivedMessage<byte[]>> stored(boolean unpack) {
		List<ReceivedMessage<byte[]>> messages = new CopyOnWriteArrayList<>();
		get(this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.unpack(unpack)
			.handler(messages::add)
			.start()
			.ended());
		return messages;
	}

	private void publish(Message... messages) {
		try (Producer producer = this.client.producer("orders").build()) {
			for (Message message : messages) {
				get(producer.send(message.toBuilder().partition(0).build()));
			}
			assertThat(producer.flush(Duration.ofSeconds(30))).isTrue();
		}
	}

	private static Message broken() {
		return Message.builder().value("no batch").header(EntryHeaders.BATCH, "1;3").build();
	}

	private static Message entry(String... values) {
		RecordBatchEncoder batch = new RecordBatchEncoder(0);
		for (String value : values) {
			batch.add(Message.of(value.getBytes()), 1);
		}
		EncodedEntry encoded = new EntryEncoder(Codecs.STANDARD, Compression.ZSTD, 0, EntryHeaders.ENCODING)
			.encode(batch);
		Message.Builder message = Message.builder().value(Arrays.copyOf(encoded.array(), encoded.length()));
		encoded.forEachHeader(message::header);
		return message.build();
	}

}
