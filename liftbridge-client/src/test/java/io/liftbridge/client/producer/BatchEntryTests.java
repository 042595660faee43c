package io.liftbridge.client.producer;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.CompressionCodec;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EventId;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Many messages in one of the server's. */
class BatchEntryTests extends HeldAnswersTest {

	private static Message message(int number) {
		return Message.of("k", "m" + number);
	}

	private static List<Message> messages(int count) {
		return IntStream.range(0, count).mapToObj(BatchEntryTests::message).toList();
	}

	private static List<String> values(int count) {
		return IntStream.range(0, count).mapToObj((i) -> "m" + i).toList();
	}

	private List<ReceivedMessage<byte[]>> read(int count) {
		List<ReceivedMessage<byte[]>> read = Collections.synchronizedList(new ArrayList<>());
		try (Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler(read::add)
			.start()) {
			await().atMost(LONG).until(() -> read.size() >= count);
		}
		return read;
	}

	private static List<String> valuesOf(List<ReceivedMessage<byte[]>> messages) {
		return messages.stream().map((message) -> new String(message.value())).toList();
	}

	private List<PublishRequest> requests() {
		// What is sent once more after a silence counts once.
		return this.broker.publishCalls().stream().flatMap((call) -> call.received().stream()).distinct().toList();
	}

	@Test
	void collectedMessagesShareEntriesAndEachHasItsPlace() {
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(10)).batchEntries(4).build();
		List<CompletableFuture<Ack>> futures = messages(10).stream().map(producer::send).toList();
		List<Ack> acks = getAll(futures);
		assertThat(acks).extracting((ack) -> ack.eventId().toString())
			.containsExactly("orders/0/0", "orders/0/0.1", "orders/0/0.2", "orders/0/0.3", "orders/0/1", "orders/0/1.1",
					"orders/0/1.2", "orders/0/1.3", "orders/0/2", "orders/0/2.1");
		assertThat(acks).extracting(Ack::eventId).isSorted().doesNotHaveDuplicates();
		assertThat(requests()).extracting((request) -> request.getHeadersOrThrow(EntryHeaders.BATCH).toStringUtf8())
			.containsExactly("1;4", "1;4", "1;2");
		assertThat(valuesOf(read(10))).isEqualTo(values(10));
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void entriesOfABatchThatAreCompressedAtTheSameTimeKeepTheirOrder() {
		Producer producer = this.client.producer("orders")
			.batch(BatchSize.fixed(60))
			.batchEntries(5)
			.compression(Compression.ZLIB)
			.build();
		getAll(messages(240).stream().map(producer::send).toList());
		assertThat(requests()).hasSize(48);
		assertThat(valuesOf(read(240))).isEqualTo(values(240));
	}

	@Test
	void anEntryThatCannotBeCompressedFailsItAndWhatIsBehindItInTheBatch() {
		try (LiftbridgeClient other = LiftbridgeClient.builder()
			.seeds(this.broker.address())
			.compressionCodec(new Picky())
			.build()) {
			Producer producer = other.producer("orders")
				.batch(BatchSize.fixed(30))
				.batchEntries(5)
				.compression(Compression.named("picky"))
				.build();
			List<CompletableFuture<Ack>> sent = messages(30).stream().map(producer::send).toList();
			assertThat(getAll(sent.subList(0, 10))).extracting(Ack::offset).containsOnly(0L, 1L);
			assertThat(sent.subList(10, 30))
				.allSatisfy((future) -> assertThat(failure(future)).hasStackTraceContaining("does not like m12"));
			await().until(() -> producer.inFlight() == 0);
		}
	}

	@Test
	void batchesAreAdaptiveUnlessSaidOtherwise() {
		Producer producer = this.client.producer("orders").batchEntries(100).build();
		holdAnswers();
		CompletableFuture<Ack> alone = producer.send(message(0));
		awaitHeld(1);
		List<CompletableFuture<Ack>> others = IntStream.range(1, 6).mapToObj((i) -> producer.send(message(i))).toList();
		answerAll();
		assertThat(get(alone).eventId()).isEqualTo(new EventId("orders", 0, 0, 0));
		assertThat(getAll(others)).extracting(Ack::index).containsExactly(0, 1, 2, 3, 4);
		assertThat(requests().get(0).getHeadersMap()).as("on its own it can be read by anybody").isEmpty();
		assertThat(requests().get(0).getKey().toStringUtf8()).isEqualTo("k");
		assertThat(requests()).hasSize(2);
	}

	@Test
	void keepsWhatEachRecordIs() {
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(3)).batchEntries(3).build();
		Instant before = Instant.now().minusSeconds(1);
		producer
			.send(Message.builder().key("a").value("1").header("h", "x").correlationId("mine").partition(0).build());
		producer.send(Message.builder().value("").partition(0).build());
		get(producer.send(Message.builder().value("3").partition(0).build()));
		List<ReceivedMessage<byte[]>> read = read(3);
		assertThat(read).extracting(ReceivedMessage::index).containsExactly(0, 1, 2);
		assertThat(read).extracting(ReceivedMessage::recordCount).containsOnly(3);
		assertThat(read).extracting(ReceivedMessage::offset).containsOnly(0L);
		assertThat(read.get(0).key()).isEqualTo("a".getBytes());
		assertThat(read.get(0).headers().get("h")).isEqualTo("x".getBytes());
		assertThat(read.get(1).key()).isNull();
		assertThat(read.get(2).value()).isEqualTo("3".getBytes());
		assertThat(read).allSatisfy((message) -> assertThat(ReceivedMessage.instant(message.creationNanos()))
			.isBetween(before, Instant.now().plusSeconds(1)));
	}

	@Test
	void anEntryIsBoundInBytesAndNotSharedByDifferentPolicies() {
		Producer producer = this.client.producer("orders")
			.batch(BatchSize.fixed(6))
			.batchEntries(100)
			.batchEntryBytes(400)
			.build();
		List<Message> messages = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			messages.add(Message.of("k", "v".repeat(120)));
		}
		messages.add(Message.builder().key("k").value("all").ackPolicy(AckPolicy.ALL).build());
		messages.add(Message.builder().key("k").value("ten").expectedOffset(Message.ANY_OFFSET).build());
		getAll(messages.stream().map(producer::send).toList());
		assertThat(requests()).hasSize(4);
		assertThat(requests().get(2).getAckPolicy()).isEqualTo(io.liftbridge.proto.AckPolicy.ALL);
	}

	@Test
	void aMessageThatExpectsAnOffsetGoesAlone() {
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(3)).batchEntries(100).build();
		producer.send(message(0));
		producer.send(Message.builder().key("k").value("m1").expectedOffset(0).build());
		get(producer.send(message(2)));
		assertThat(requests()).extracting(PublishRequest::getExpectedOffset).containsExactly(-1L, 0L, -1L);
	}

	@Test
	void sendsAListAsOneEntry() {
		Producer producer = this.client.producer("orders").build();
		for (Compression compression : List.of(Compression.NONE, Compression.ZLIB, Compression.ZSTD)) {
			List<Ack> acks = get(producer.sendBatchEntry(messages(50), compression));
			assertThat(acks).hasSize(50).extracting(Ack::offset).containsOnly(acks.get(0).offset());
			assertThat(acks).extracting(Ack::index).containsExactlyElementsOf(IntStream.range(0, 50).boxed().toList());
		}
		assertThat(requests()).hasSize(3);
		assertThat(requests().get(1).getHeadersOrThrow(EntryHeaders.ENCODING).toStringUtf8()).isEqualTo("zlib");
		List<String> all = valuesOf(read(150));
		assertThat(all.subList(0, 50)).isEqualTo(values(50));
		assertThat(all.subList(100, 150)).isEqualTo(values(50));
		await().until(() -> producer.inFlight() == 0);
	}

	@Test
	void aListGoesAfterWhatIsCollected() {
		Producer producer = this.client.producer("orders").batch(BatchSize.fixed(100)).build();
		CompletableFuture<Ack> collected = producer.send(message(0));
		List<Ack> acks = get(producer.sendBatchEntry(messages(3), Compression.NONE));
		assertThat(get(collected).offset()).isZero();
		assertThat(acks).extracting(Ack::offset).containsOnly(1L);
	}

	@Test
	void splitsAnEntryThatIsOverTheLimit() {
		client(builder().maxMessageBytes(20_000));
		Producer producer = this.client.producer("orders").build();
		Random random = new Random(7);
		List<Message> records = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			byte[] noise = new byte[5000];
			random.nextBytes(noise);
			records.add(Message.of(noise));
		}
		List<Ack> acks = get(producer.sendBatchEntry(records, Compression.ZLIB));
		assertThat(acks).hasSize(9);
		assertThat(acks).extracting(Ack::eventId).isSorted().doesNotHaveDuplicates();
		assertThat(requests()).hasSizeGreaterThan(2);
		List<ReceivedMessage<byte[]>> read = read(9);
		for (int i = 0; i < 9; i++) {
			assertThat(read.get(i).value()).isEqualTo(records.get(i).value());
		}
	}

	@Test
	void refusesListsThatCannotBeOneEntry() {
		this.cluster.stream("wide", 3);
		Producer producer = this.client.producer("wide").build();
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.sendBatchEntry(List.of(), Compression.NONE))
			.withMessageContaining("has no messages");
		Message first = Message.builder().value("a").partition(0).build();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(
				() -> producer.sendBatchEntry(List.of(first, first.toBuilder().partition(1).build()), Compression.NONE))
			.withMessageContaining("different partitions");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.sendBatchEntry(List.of(first, first.toBuilder().expectedOffset(3).build()),
					Compression.NONE))
			.withMessageContaining("expected offset");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer
				.sendBatchEntry(List.of(first, first.toBuilder().ackPolicy(AckPolicy.ALL).build()), Compression.NONE))
			.withMessageContaining("policies");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.sendBatchEntry(List.of(first), Compression.named("brotli")))
			.withMessageContaining("brotli");
		List<Message> keyless = List.of(Message.of(new byte[1]), Message.of(new byte[1]), Message.of(new byte[1]));
		assertThat(get(producer.sendBatchEntry(keyless, Compression.NONE))).hasSize(3);
		producer.close();
		assertThatExceptionOfType(ClientClosedException.class)
			.isThrownBy(() -> producer.sendBatchEntry(List.of(first), Compression.NONE));
	}

	@Test
	void failsEachRecordOfAnEntry() {
		List<Message> told = Collections.synchronizedList(new ArrayList<>());
		Producer producer = this.client.producer("orders")
			.batch(BatchSize.fixed(3))
			.batchEntries(3)
			.listener(new ProducerListener() {
				@Override
				public void onFailure(Message message, io.liftbridge.client.message.LiftbridgeException failure) {
					told.add(message);
					throw new IllegalStateException("must not matter");
				}
			})
			.build();
		holdAnswers();
		List<CompletableFuture<Ack>> futures = messages(3).stream().map(producer::send).toList();
		awaitHeld(1);
		producer.close(Duration.ofMillis(50));
		futures.forEach((future) -> assertThat(failure(future)).isInstanceOf(ClientClosedException.class));
		// Told after the future of the last one is completed.
		await().until(() -> told.size() == 3);
		assertThat(producer.inFlight()).isZero();
	}

	@Test
	void failsEachRecordOfAnEntryThatWaitedForItsTurn() {
		Producer producer = this.client.producer("orders").maxInFlight(1).build();
		holdAnswers();
		// Where outcomes are told nobody may wait: the entry gets behind what does.
		CompletableFuture<CompletableFuture<List<Ack>>> entry = producer.send(message(0))
			.thenApply((ack) -> producer.sendBatchEntry(messages(3), Compression.NONE));
		List<CompletableFuture<Ack>> waiting = List.of(producer.sendAsync(message(1)), producer.sendAsync(message(2)));
		answer(1);
		CompletableFuture<List<Ack>> acks = get(entry);
		producer.close(Duration.ofMillis(50));
		assertThat(failure(acks)).isInstanceOf(ClientClosedException.class);
		waiting.forEach((future) -> assertThat(failure(future)).isInstanceOf(ClientClosedException.class));
	}

	@Test
	void refusesOptionsThatCannotWork() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").batchEntries(0))
			.withMessageContaining("batchEntries is 0");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").batchEntryBytes(-1))
			.withMessageContaining("batchEntryBytes is -1");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").batchEntryBytes(65 << 20))
			.withMessageContaining("at most");
	}

	/** Does not compress everything. */
	private static final class Picky implements CompressionCodec {

		@Override
		public String encoding() {
			return "picky";
		}

		@Override
		public OutputStream compress(OutputStream target, int level) {
			return new FilterOutputStream(target) {
				@Override
				public void write(byte[] bytes, int offset, int length) throws IOException {
					if (new String(bytes, offset, length, StandardCharsets.ISO_8859_1).contains("m12")) {
						throw new IOException("does not like m12");
					}
					this.out.write(bytes, offset, length);
				}
			};
		}

		@Override
		public InputStream decompress(InputStream source) {
			return source;
		}

	}

}
