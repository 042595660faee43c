package io.liftbridge.client.producer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LargeMessageException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Messages over the server's limit, in chunks. */
class LargeMessageTests extends HeldAnswersTest {

	private static final int MAX = 16 << 20;

	private static byte[] noise(int bytes) {
		byte[] noise = new byte[bytes];
		new Random(bytes).nextBytes(noise);
		return noise;
	}

	private ProducerBuilder large() {
		return this.client.producer("orders").largeMessages(MAX);
	}

	private List<PublishRequest> requests() {
		// What is sent once more after a silence counts once.
		return this.broker.publishCalls().stream().flatMap((call) -> call.received().stream()).distinct().toList();
	}

	private List<ReceivedMessage<byte[]>> read() {
		List<ReceivedMessage<byte[]>> read = new ArrayList<>();
		this.client.consumer("orders")
			.partition(0)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.forEach(read::add);
		return read;
	}

	@Test
	void isStoredInChunksAndReadAsOneMessage() {
		byte[] value = noise((5 << 20) + 7);
		Ack ack;
		try (Producer producer = large().build()) {
			ack = producer.sendAndWait(
					Message.builder().key("k").value(value).header("h", "1").correlationId("mine").partition(0).build(),
					LONG);
		}
		assertThat(ack.offset()).isEqualTo(5);
		assertThat(ack.correlationId()).isEqualTo("mine");
		List<PublishRequest> chunks = requests();
		assertThat(chunks).hasSize(6).allSatisfy((chunk) -> {
			assertThat(chunk.getSerializedSize()).isLessThanOrEqualTo(1 << 20);
			assertThat(chunk.getKey().isEmpty()).as("compaction must not see it").isTrue();
		});
		assertThat(chunks).extracting((chunk) -> chunk.getHeadersOrThrow(EntryHeaders.CHUNK).toStringUtf8())
			.allSatisfy((header) -> assertThat(header).matches("1;[0-9a-f]{16}-1;[0-5];6"))
			.isSorted();
		assertThat(chunks.get(0).getHeadersMap()).containsOnlyKeys(EntryHeaders.CHUNK);
		assertThat(chunks.get(5).getHeadersMap()).containsOnlyKeys(EntryHeaders.CHUNK, EntryHeaders.CHUNK_KEY, "h");
		ReceivedMessage<byte[]> message = read().get(0);
		assertThat(message.value()).isEqualTo(value);
		assertThat(message.keyText()).isEqualTo("k");
		assertThat(message.headers().text("h")).isEqualTo("1");
		assertThat(message.offset()).isEqualTo(5);
		assertThat(message.resumeOffset()).isZero();
	}

	/** Those of the cluster, of the stream and of the subject. */
	@Test
	void chunksLeaveRoomForTheNamesThatTheServerAdds() {
		try (Producer producer = large().build()) {
			producer.sendAndWait(Message.of("k", noise(3 << 20)), LONG);
			producer.sendAndWait(Message.of("k", noise((1 << 20) - 100)), LONG);
		}
		assertThat(requests()).hasSize(6)
			.allSatisfy((request) -> assertThat(request.getSerializedSize()).isLessThan((1 << 20) - 900));
		assertThat(read()).extracting((message) -> message.value().length).containsExactly(3 << 20, (1 << 20) - 100);
	}

	@Test
	void smallerMessagesAreStoredAsEver() {
		try (Producer producer = large().build()) {
			producer.sendAndWait(Message.of("k", "small"), LONG);
		}
		assertThat(requests().get(0).getHeadersMap()).isEmpty();
		assertThat(requests().get(0).getKey().toStringUtf8()).isEqualTo("k");
	}

	@Test
	void isRefusedOverItsOwnLimitWithBothSizes() {
		try (Producer off = this.client.producer("orders").build();
				Producer on = this.client.producer("orders").largeMessages(2 << 20).build()) {
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> off.send(Message.of(noise(2 << 20))))
				.withMessageContaining("2097216 bytes")
				.withMessageContaining("limit is 1048576")
				.withMessageContaining("largeMessages(bytes)")
				.withMessageContaining("liftbridge.producer.max-large-message-size")
				.withMessageContaining("claimCheckAbove(bytes)");
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> on.sendBatchEntry(List.of(Message.of(noise(1 << 20))), Compression.NONE))
				.withMessageContaining("sendBatchEntry takes no large messages")
				.withMessageContaining("send or sendBatch");
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> on.send(Message.of(noise(2 << 20))))
				.withMessageContaining("2097216 bytes")
				.withMessageContaining("is 2097152")
				.withMessageContaining("largeMessages");
			assertThat(on.sendAndWait(Message.of(noise((2 << 20) - 64)), LONG).offset()).isEqualTo(2);
		}
	}

	@Test
	void whatCannotWorkIsRefused() {
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").largeMessages(0))
			.withMessageContaining("largeMessages is 0");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.producer("orders").largeMessages(2000).maxInFlightBytes(1000).build())
			.withMessageContaining("maxInFlightBytes");
		try (Producer producer = large().build()) {
			Message large = Message.of(noise(2 << 20));
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> producer.send(large.toBuilder().expectedOffset(3).build()))
				.withMessageContaining("expected offset");
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> producer.send(large.toBuilder().ackInbox("acks").build()))
				.withMessageContaining("ackInbox");
			assertThatExceptionOfType(MessageTooLargeException.class)
				.isThrownBy(() -> producer.send(Message.builder().value("v").header("h", "x".repeat(2 << 20)).build()))
				.withMessageContaining("key and headers of");
		}
		assertThat(requests()).isEmpty();
	}

	@Test
	void isCompressedAsAWholeFirst() {
		byte[] value = Arrays.copyOf(noise(2 << 20), 8 << 20);
		try (Producer producer = large().compression(Compression.ZLIB).build()) {
			producer.sendAndWait(Message.builder().value(new byte[3 << 20]).partition(0).build(), LONG);
			assertThat(requests()).as("fits when compressed").hasSize(1);
			producer.sendAndWait(Message.builder().value(value).partition(0).build(), LONG);
		}
		assertThat(requests()).hasSize(4);
		assertThat(requests().get(1).getHeadersMap()).containsOnlyKeys(EntryHeaders.CHUNK);
		assertThat(requests().get(3).getHeadersMap()).containsOnlyKeys(EntryHeaders.CHUNK, EntryHeaders.ENCODING);
		assertThat(read()).extracting(ReceivedMessage::value).containsExactly(new byte[3 << 20], value);
	}

	@Test
	void allWaysToSendKeepTheOrder() {
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		List<Integer> sizes = new ArrayList<>();
		for (ProducerBuilder builder : List.of(large(), large().batch(BatchSize.fixed(3)),
				large().batch(BatchSize.adaptive()).batchEntries(10))) {
			Producer producer = builder.build();
			for (int size : new int[] { 10, 3 << 20, 11, 2 << 20 }) {
				Message message = Message.builder().value(noise(size)).partition(0).build();
				futures.add(producer.send(message));
				futures.add(producer.trySend(message).orElseGet(() -> producer.send(message)));
				futures.add(producer.sendAsync(message));
				futures.addAll(producer.sendBatch(List.of(message)));
				sizes.addAll(List.of(size, size, size, size));
			}
			producer.flush();
			await().atMost(LONG).until(() -> producer.inFlight() == 0);
		}
		List<Ack> acks = getAll(futures);
		assertThat(read()).extracting((message) -> message.value().length).containsExactlyElementsOf(sizes);
		assertThat(acks).extracting(Ack::eventId).isSorted();
	}

	@Test
	void aMessageOfManyBuffersIsNotCopiedTogether() {
		byte[] part = noise(1_500_000);
		try (Producer producer = large().build()) {
			producer.sendAndWait(Message.builder()
				.value(Data.of(ByteBuffer.wrap(part), ByteBuffer.wrap(part).asReadOnlyBuffer()))
				.partition(0)
				.build(), LONG);
		}
		byte[] twice = Arrays.copyOf(part, 3_000_000);
		System.arraycopy(part, 0, twice, part.length, part.length);
		assertThat(read().get(0).value()).isEqualTo(twice);
	}

	@Test
	void producersThatShareAPartitionMixTheirChunks() {
		Producer one = large().build();
		Producer other = large().build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			futures.add(one.send(Message.builder().key("a").value(noise(3_000_000 + i)).partition(0).build()));
			futures.add(other.send(Message.builder().key("b").value(noise(4_000_000 + i)).partition(0).build()));
			futures.add(other.send(Message.builder().value(noise(i)).partition(0).build()));
		}
		getAll(futures);
		List<ReceivedMessage<byte[]>> read = read();
		assertThat(read).hasSize(15).allSatisfy((message) -> {
			assertThat(message.value()).isEqualTo(noise(message.value().length));
		});
		assertThat(read).filteredOn((message) -> "a".equals(message.keyText()))
			.extracting((message) -> message.value().length)
			.containsExactlyElementsOf(IntStream.range(3_000_000, 3_000_005).boxed().toList());
	}

	@Test
	void takesTheRoomOfAllItsBytesAndLeavesItWithTheLastAnswer() {
		Producer producer = this.client.producer("orders")
			.largeMessages(4 << 20)
			.maxInFlightBytes(4 << 20)
			.enqueueTimeout(LONG)
			.build();
		get(producer.send(Message.builder().value("first").partition(0).build()));
		holdAnswers();
		CompletableFuture<Ack> first = producer.send(Message.builder().value(noise(3 << 20)).partition(0).build());
		assertThat(producer.inFlight()).isEqualTo(1);
		assertThat(producer.trySend(Message.of(noise(2 << 20)))).isEmpty();
		CompletableFuture<Ack> second = producer
			.sendAsync(Message.builder().value(noise(4_000_000)).partition(0).build());
		awaitHeld(4);
		assertThat(held()).isEqualTo(4);
		answer(3);
		assertThat(first).isNotDone();
		answerAll();
		getAll(List.of(first, second));
		await().until(() -> producer.inFlight() == 0);
		assertThat(read()).extracting((message) -> message.value().length).containsExactly(5, 3 << 20, 4_000_000);
	}

	@Test
	void aFailedChunkFailsTheMessageAndIsNamed() {
		AtomicInteger count = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (count.incrementAndGet() == 2) {
				call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0");
			}
			else {
				call.store(request);
			}
		});
		List<String> told = new CopyOnWriteArrayList<>();
		try (Producer producer = large().listener(new ProducerListener() {

			@Override
			public void onFailure(Message message, io.liftbridge.client.message.LiftbridgeException failure) {
				told.add(failure.getMessage());
			}

		}).build()) {
			assertThatExceptionOfType(LargeMessageException.class)
				.isThrownBy(() -> producer.sendAndWait(Message.of(noise(3 << 20)), LONG))
				.withMessageContaining("Chunk 2 of 4 of a message of 3145792 bytes")
				.withMessageContaining("readonly partition")
				.withCauseInstanceOf(ReadonlyPartitionException.class)
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.REFUSED))
				.satisfies((ex) -> assertThat(ex.index()).isEqualTo(1));
			assertThat(producer.sendAndWait(Message.of("next".getBytes()), LONG).offset()).isEqualTo(3);
			await().until(() -> producer.inFlight() == 0);
		}
		assertThat(told).hasSize(1);
		assertThat(read()).extracting(ReceivedMessage::text).containsExactly("next");
	}

	@Test
	void whatNeverGotOnItsWayFailsToo() {
		holdAnswers();
		Producer producer = large().batch(BatchSize.fixed(100)).maxBatches(1).build();
		CompletableFuture<Ack> onItsWay = producer.send(Message.of(noise(3 << 20)));
		CompletableFuture<Ack> collected = producer.send(Message.of(noise(3 << 20)));
		// Its first chunk; the others are sent when that is answered.
		awaitHeld(1);
		producer.close(Duration.ofMillis(10));
		assertThat(failure(onItsWay)).isInstanceOf(LargeMessageException.class);
		assertThat(failure(collected)).isInstanceOf(ClientClosedException.class)
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
	}

	@Test
	void aLostConnectionInTheMiddleOfItStoresItOnce() {
		AtomicInteger arrived = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			int number = arrived.incrementAndGet();
			if (number == 3) {
				// Stored, but nobody says so.
				this.orders.append(request);
				call.end(io.grpc.Status.UNAVAILABLE);
			}
			else if (number < 3 || number > 6) {
				call.store(request);
			}
		});
		byte[] value = noise(5 << 20);
		try (Producer producer = large().build()) {
			producer.sendAndWait(Message.builder().value(value).partition(0).build(), LONG);
			producer.sendAndWait(Message.builder().value("next").partition(0).build(), LONG);
		}
		List<ReceivedMessage<byte[]>> read = read();
		assertThat(read).hasSize(2);
		assertThat(read.get(0).value()).isEqualTo(value);
	}

	@Test
	void withoutAcknowledgementsItIsSentAllTheSame() {
		try (Producer producer = large().ackPolicy(AckPolicy.NONE).build()) {
			assertThat(get(producer.send(Message.builder().value(noise(3 << 20)).partition(0).build())).offset())
				.isEqualTo(-1);
			await().atMost(LONG).until(() -> requests().size() == 4);
		}
		await().until(() -> this.orders.values().size() == 4);
		assertThat(read()).singleElement().satisfies((message) -> assertThat(message.value()).hasSize(3 << 20));
	}

	@Test
	void aRecordOverTheLimitIsAMessageOfItsOwnThatMayFitCompressed() {
		try (Producer producer = this.client.producer("orders")
			.batch(BatchSize.fixed(2))
			.batchEntries(10)
			.compression(Compression.ZLIB)
			.build()) {
			List<CompletableFuture<Ack>> futures = producer
				.sendBatch(List.of(Message.builder().value("small").partition(0).build(),
						Message.builder().value(new byte[5 << 20]).partition(0).build(),
						Message.builder().value("other").partition(0).build()));
			assertThat(getAll(futures)).extracting(Ack::offset).containsExactly(0L, 1L, 2L);
			get(producer.sendBatchEntry(List.of(Message.builder().value(new byte[2 << 20]).partition(0).build()),
					Compression.ZLIB));
		}
		assertThat(read()).extracting((message) -> message.value().length).containsExactly(5, 5 << 20, 5, 2 << 20);
	}

	@Test
	void carriesItsPublishingIdOnTheLastChunkSoThatHalfOfItIsNotFound() {
		try (Producer producer = large().name("importer").publishingIds(true).build()) {
			producer.sendAndWait(Message.builder().value(noise(3 << 20)).partition(0).publishingId(7).build(), LONG);
			assertThat(producer.lastPublishingId()).hasValue(7);
			assertThat(producer
				.sendAndWait(Message.builder().value(noise(3 << 20)).partition(0).publishingId(9).build(), LONG)
				.offset()).isEqualTo(7);
		}
		assertThat(requests()).hasSize(8);
		assertThat(requests().subList(0, 3)).allSatisfy((chunk) -> assertThat(chunk.getHeadersMap()).hasSize(1));
		assertThat(requests()).allSatisfy((chunk) -> assertThat(chunk.getSerializedSize()).isLessThan(1 << 20));
		assertThat(read()).extracting((message) -> PublishingId.of(message).getAsLong()).containsExactly(7L, 9L);
		try (Producer again = large().name("importer").publishingIds(true).build()) {
			assertThat(again.lastPublishingId()).hasValue(9);
			assertThat(again
				.sendAndWait(Message.builder().value(noise(3 << 20)).partition(0).publishingId(9).build(), LONG)
				.offset()).isEqualTo(-1);
		}
		assertThat(requests()).hasSize(8);
	}

	@Test
	void isReadAtTheOffsetOfItsAcknowledgement() {
		Producer one = large().build();
		Producer other = large().build();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			futures.add(one.send(Message.builder().value(noise(3_000_000 + i)).partition(0).build()));
			futures.add(other.send(Message.builder().value(noise(4_000_000 + i)).partition(0).build()));
		}
		List<Ack> acks = getAll(futures);
		for (int i = 0; i < 6; i++) {
			int size = ((i % 2 == 0) ? 3_000_000 : 4_000_000) + i / 2;
			ReceivedMessage<byte[]> read = this.client.reader().read("orders", 0, acks.get(i).offset(), LONG);
			assertThat(read).isNotNull();
			assertThat(read.value()).isEqualTo(noise(size));
			assertThat(read.offset()).isEqualTo(acks.get(i).offset());
		}
		assertThat(this.client.reader().read("orders", 0, 0, LONG)).as("its message lies elsewhere").isNull();
		Ack alone = one.sendAndWait(
				Message.builder().value("x").header(EntryHeaders.CHUNK, "1;lost;1;2").partition(0).build(), LONG);
		assertThatExceptionOfType(MalformedEntryException.class)
			.isThrownBy(() -> this.client.reader().read("orders", 0, alone.offset(), LONG))
			.withMessageContaining("other chunks of it are not there");
	}

}
