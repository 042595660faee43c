package io.liftbridge.test.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.Deduplicator;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.BulkRequest;
import io.liftbridge.client.producer.BulkSummary;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.producer.PublishResult;
import io.liftbridge.client.stream.StreamSpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What else a client can say when it publishes.
 */
abstract class PublishingScenarios extends BrokerScenarios {

	@Test
	void aMessageWithAnInboxIsStoredAndItsMarkComesBack() {
		String stream = stream(2);
		try (Producer producer = this.client.producer(stream).build()) {
			Ack first = producer.sendAndWait(
					Message.builder().value("a").header("h", "1").partition(1).correlationId("mine").build(), LONG);
			Ack second = producer.sendAndWait(Message.builder()
				.key("k")
				.value("b")
				.header("h", "2")
				.partition(1)
				.ackInbox("acks." + stream)
				.correlationId("other")
				.ackPolicy(AckPolicy.ALL)
				.build(), LONG);
			assertThat(first.correlationId()).isEqualTo("mine");
			assertThat(second.correlationId()).isEqualTo("other");
			assertThat(second.stream()).isEqualTo(stream);
			assertThat(second.offset()).isEqualTo(1);
			assertThat(second.partition()).isEqualTo(1);
			assertThat(second.policy()).isEqualTo(AckPolicy.ALL);
		}
		List<ReceivedMessage<byte[]>> stored = read(stream, 1, 2);
		assertThat(stored).extracting(ReceivedMessage::text).containsExactly("a", "b");
		assertThat(stored).extracting((message) -> message.headers().text("h")).containsExactly("1", "2");
	}

	@Test
	void aMessageWithAnInboxAndAWrongExpectedOffsetIsRefused() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream).optimisticConcurrency(true));
		try (Producer producer = this.client.producer(stream).build()) {
			Message message = Message.builder().value("v").ackInbox("acks." + stream).expectedOffset(5).build();
			assertThatThrownBy(() -> producer.sendAndWait(message, LONG)).isInstanceOf(IncorrectOffsetException.class);
			assertThat(producer.sendAndWait(message.toBuilder().expectedOffset(0).build(), LONG).offset()).isZero();
		}
	}

	@Test
	void aMessageToASubjectReachesThePartitionWithItsHeaders() throws Exception {
		String stream = stream(2);
		Ack ack = this.client
			.publishToSubject(stream,
					Message.builder().value("v").header("h", "1").partition(1).correlationId("mine").build(), LONG)
			.get(LONG.toSeconds(), TimeUnit.SECONDS);
		assertThat(ack.stream()).isEqualTo(stream);
		assertThat(ack.partition()).isEqualTo(1);
		assertThat(ack.correlationId()).isEqualTo("mine");
		assertThat(read(stream, 1, 1)).singleElement()
			.satisfies((message) -> assertThat(message.headers().text("h")).isEqualTo("1"));
	}

	@Test
	void aSubjectWhoseStreamRefusesTheMessageFailsTheCall() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream).optimisticConcurrency(true));
		this.client.publishToSubject(stream, Message.of("k", "first"), LONG).join();
		assertThatThrownBy(() -> this.client.publishToSubject(stream, Message.of("k", "second"), LONG).join())
			.isInstanceOf(CompletionException.class)
			.hasCauseInstanceOf(IncorrectOffsetException.class);
	}

	@Test
	void streamsOfOneLoadBalanceGroupShareTheMessages() {
		String subject = name();
		List<String> streams = List.of(name(), name());
		streams.forEach((stream) -> this.client.streams()
			.create(StreamSpec.named(stream).subject(subject).loadBalanceGroup("shared-" + subject)));
		int messages = 30;
		for (int i = 0; i < messages; i++) {
			this.client.publishToSubject(subject, Message.of("k", "v" + i), LONG).join();
		}
		long stored = streams.stream()
			.mapToLong((stream) -> this.client.streams().describePartition(stream, 0).newestOffset() + 1)
			.sum();
		assertThat(stored).isEqualTo(messages);
	}

	@Test
	void recordsOfCompressedBatchEntriesComeBackWithOffsetAndIndex() throws Exception {
		String stream = stream(1);
		List<Message> messages = IntStream.range(0, 10)
			.mapToObj((i) -> Message.builder()
				.key("k" + i)
				.value(("v" + i + ";").repeat(200))
				.header("h", String.valueOf(i))
				.build())
			.toList();
		List<Ack> acks = new ArrayList<>();
		try (Producer producer = this.client.producer(stream)
			.batch(BatchSize.fixed(5))
			.batchEntries(5)
			.compression(Compression.ZSTD)
			.build()) {
			for (CompletableFuture<Ack> future : producer.sendBatch(messages.subList(0, 5))) {
				acks.add(future.get(LONG.toSeconds(), TimeUnit.SECONDS));
			}
			acks.addAll(producer.sendBatchEntry(messages.subList(5, 10), Compression.ZSTD)
				.get(LONG.toSeconds(), TimeUnit.SECONDS));
		}
		List<String> places = IntStream.range(0, 10).mapToObj((i) -> i / 5 + "." + i % 5).toList();
		assertThat(acks).extracting((ack) -> ack.offset() + "." + ack.index()).isEqualTo(places);
		List<ReceivedMessage<byte[]>> stored = read(stream, 0, 10);
		assertThat(stored).extracting((message) -> message.offset() + "." + message.index()).isEqualTo(places);
		assertThat(stored).zipSatisfy(messages, (message, sent) -> {
			assertThat(message.key()).isEqualTo(sent.key());
			assertThat(message.value()).isEqualTo(sent.value());
			assertThat(message.headers().text("h")).isEqualTo(sent.headers().text("h"));
		});
		assertThat(this.client.streams().describePartition(stream, 0).newestOffset())
			.as("as many messages of the server as entries")
			.isEqualTo(1);
		List<ReceivedMessage<byte[]>> raw = this.client.consumer(stream)
			.from(StartPosition.earliest())
			.unpack(false)
			.open()
			.stream()
			.limit(2)
			.toList();
		assertThat(raw).allSatisfy((entry) -> assertThat(entry.value()).hasSizeLessThan(1000));
	}

	private ProducerBuilder importer(String stream) {
		return this.client.producer(stream).name("importer").publishingIds(true);
	}

	@Test
	void whatAnEarlierProducerHasStoredIsNotSentAgain() {
		String stream = stream(2);
		try (Producer producer = importer(stream).batch(BatchSize.fixed(3)).batchEntries(3).build()) {
			producer.sendBatch(numbered(1, 7));
			producer.flush();
		}
		try (Producer producer = importer(stream).build()) {
			assertThat(producer.lastPublishingId()).hasValue(6);
			assertThat(producer.lastPublishingId(1)).hasValue(6);
			assertThat(producer.lastPublishingId(0)).isEmpty();
			List<Boolean> duplicates = producer.sendBatch(numbered(4, 10))
				.stream()
				.map((future) -> future.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join().duplicate())
				.toList();
			assertThat(duplicates).containsExactly(true, true, true, false, false, false);
			producer.flush();
		}
		assertThat(read(stream, 1, 9)).extracting((message) -> PublishingId.of(message).orElse(-1))
			.containsExactlyElementsOf(LongStream.range(1, 10).boxed().toList());
	}

	@Test
	void duplicatesAreLeftOut() {
		String stream = stream(2);
		List<Message> twice = new ArrayList<>();
		for (long id : new long[] { 1, 2, 1, 2, 3 }) {
			twice.add(Message.builder()
				.value("m" + id)
				.partition(1)
				.header(PublishingId.PRODUCER_HEADER, "p")
				.header(PublishingId.HEADER, Long.toString(id))
				.build());
		}
		try (Producer producer = this.client.producer(stream).build()) {
			producer.sendBatch(twice);
			producer.sendAndWait(Message.builder().value("unnumbered").partition(1).build(), LONG);
		}
		assertThat(this.client.consumer(stream)
			.partition(1)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.filter(new Deduplicator())
			.open()
			.stream()
			.map(ReceivedMessage::text)).containsExactly("m1", "m2", "m3", "unnumbered");
	}

	private static List<Message> numbered(long from, long to) {
		return LongStream.range(from, to)
			.mapToObj((id) -> Message.builder().value("m" + id).partition(1).publishingId(id).build())
			.toList();
	}

	@Test
	void aBulkMixesStreamsAndPartitionsAndTellsTheFateOfEachRequest() {
		String narrow = stream(1);
		String wide = stream(3);
		int count = 2000;
		Stream<BulkRequest> requests = IntStream.range(0, count).mapToObj((i) -> {
			Message.Builder message = Message.builder().value(String.valueOf(10_000 + i));
			return switch (i % 5) {
				case 0 -> BulkRequest.of(narrow, message.build());
				case 1 -> BulkRequest.of("missing-" + narrow, message.build());
				default -> BulkRequest.of(wide, message.partition(i % 3).build());
			};
		});
		List<PublishResult<BulkRequest>> results = this.client.publishBulk(requests)
			.maxInFlight(500)
			.results()
			.stream()
			.toList();
		assertThat(results).hasSize(count).allSatisfy((result) -> {
			if (result.index() % 5 == 1) {
				assertThat(result.failure()).isInstanceOf(StreamNotFoundException.class);
			}
			else {
				assertThat(result.ack()).isNotNull();
			}
		});
		assertThat(read(narrow, 0, count / 5)).extracting(ReceivedMessage::text).isSorted();
		for (int partition = 0; partition < 3; partition++) {
			assertThat(read(wide, partition, count / 5 - 1)).extracting(ReceivedMessage::text).isSorted();
		}
	}

	@Test
	void aBulkOfAPublisherDoesNotWaitForPolicyNone() throws Exception {
		String stream = stream(1);
		int count = 1000;
		try (SubmissionPublisher<BulkRequest> source = new SubmissionPublisher<>()) {
			CompletableFuture<BulkSummary> summary = CompletableFuture
				.supplyAsync(() -> this.client.publishBulk(source).awaitAcks(false).run());
			Awaitility.await().atMost(LONG).until(source::hasSubscribers);
			for (int i = 0; i < count; i++) {
				source.submit(BulkRequest.of(stream,
						Message.builder()
							.value(String.valueOf(10_000 + i))
							.ackPolicy((i % 2 == 0) ? AckPolicy.NONE : AckPolicy.ALL)
							.build()));
			}
			source.close();
			assertThat(summary.get(LONG.toSeconds(), TimeUnit.SECONDS).requests()).isEqualTo(count);
			assertThat(summary.get().failed()).isZero();
		}
		assertThat(read(stream, 0, count)).extracting(ReceivedMessage::text).isSorted();
	}

	private List<ReceivedMessage<byte[]>> read(String stream, int partition, int messages) {
		return this.client.consumer(stream)
			.partition(partition)
			.from(StartPosition.earliest())
			.open()
			.stream()
			.limit(messages)
			.toList();
	}

	private String stream(int partitions) {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream).partitions(partitions));
		return stream;
	}

}
