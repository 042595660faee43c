package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.entry.EntryHeaders;
import io.liftbridge.client.group.GroupConsumer;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.BatchSize;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerBuilder;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages over the server's limit.
 */
abstract class LargeMessageScenarios extends BrokerScenarios {

	private final List<ReceivedMessage<byte[]>> received = new CopyOnWriteArrayList<>();

	@BeforeAll
	void awaitCursors() {
		this.client.streams().waitForCursors(LONG);
	}

	@BeforeEach
	void forget() {
		this.received.clear();
	}

	private static Message noise(String key, int bytes) {
		byte[] value = new byte[bytes];
		new Random(bytes).nextBytes(value);
		return Message.builder().key(key).value(value).header("h", key + bytes).partition(0).build();
	}

	private static void assertWhole(ReceivedMessage<byte[]> message) {
		Message sent = noise(message.keyText(), message.value().length);
		assertThat(message.value()).isEqualTo(sent.value());
		assertThat(message.headers().text("h")).isEqualTo(sent.headers().text("h"));
	}

	private ProducerBuilder producer(String stream) {
		return this.client.producer(stream).largeMessages(32 << 20);
	}

	private String stream() {
		String stream = name();
		this.client.streams().create(StreamSpec.named(stream));
		return stream;
	}

	@Test
	void allReadersGetThemWholeAmongThoseOfOthers() throws Exception {
		String stream = stream();
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		try (Producer one = producer(stream).build();
				Producer other = producer(stream).batch(BatchSize.adaptive()).compression(Compression.ZLIB).build()) {
			for (int i = 0; i < 4; i++) {
				futures.add(one.send(noise("one", 3_000_000 + i)));
				futures.add(other.send(noise("other", 5_000_000 + i)));
				futures.add(other.send(noise("other", 10 + i)));
			}
			for (CompletableFuture<Ack> future : futures) {
				future.get(LONG.toSeconds(), TimeUnit.SECONDS);
			}
		}
		List<Long> offsets = futures.stream().map((future) -> future.join().offset()).sorted().toList();
		try (Subscription subscription = this.client.subscribe(stream)
			.from(StartPosition.earliest())
			.prefetch(2)
			.handler(this.received::add)
			.start()) {
			await().atMost(LONG).until(() -> this.received.size() >= 12);
			await().atMost(LONG).until(() -> subscription.lastProcessed() == offsets.get(11));
		}
		assertThat(this.received).allSatisfy(LargeMessageScenarios::assertWhole);
		assertThat(this.received).extracting(ReceivedMessage::offset).isEqualTo(offsets);
		for (String key : List.of("one", "other")) {
			assertThat(this.received)
				.filteredOn((message) -> message.keyText().equals(key) && message.value().length > 100)
				.extracting((message) -> message.value().length)
				.hasSize(4)
				.isSorted();
		}
		List<ReceivedMessage<byte[]>> pulled = new ArrayList<>();
		this.client.consumer(stream).from(StartPosition.earliest()).until(StopPosition.latest()).forEach(pulled::add);
		assertThat(pulled).hasSize(12).allSatisfy(LargeMessageScenarios::assertWhole);
		List<ReceivedMessage<byte[]>> byGroup = new CopyOnWriteArrayList<>();
		try (GroupConsumer group = this.client.group("large-" + stream)
			.streams(stream)
			.from(StartPosition.earliest())
			.handler(byGroup::add)
			.start()) {
			await().atMost(LONG).until(() -> byGroup.size() >= 12);
		}
		assertThat(byGroup).hasSize(12).allSatisfy(LargeMessageScenarios::assertWhole);
		assertThat(this.client.cursors().get("__group:large-" + stream, stream, 0)).isEqualTo(offsets.get(11));
	}

	@Test
	void aBrokerThatCrashesInTheMiddleOfThemLosesNone() {
		String stream = stream();
		AtomicInteger acknowledged = new AtomicInteger();
		try (Subscription subscription = this.client.subscribe(stream)
			.from(StartPosition.earliest())
			.handler(this.received::add)
			.start(); Producer producer = producer(stream).ackTimeout(Duration.ofMinutes(2)).build()) {
			List<CompletableFuture<Ack>> futures = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				CompletableFuture<Ack> future = producer.send(noise("k", 6_000_000 + i));
				future.thenRun(acknowledged::incrementAndGet);
				futures.add(future);
			}
			await().atMost(LONG).until(() -> acknowledged.get() > 0);
			this.broker.crash();
			this.broker.restart();
			assertThat(CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))).succeedsWithin(LONG);
			await().atMost(LONG).until(() -> this.received.size() >= 8);
		}
		assertThat(this.received).allSatisfy(LargeMessageScenarios::assertWhole);
		assertThat(this.received).extracting((message) -> message.value().length - 6_000_000)
			.as("in order, and none twice, although chunks are")
			.containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
	}

	@Test
	void aReaderThatIsRestartedInTheMiddleOfOneGetsItAllTheSame() {
		String stream = stream();
		try (Producer producer = this.client.producer(stream).build()) {
			producer.sendAndWait(Message.of("k", "before"), LONG);
			producer.sendAndWait(chunk("x", 0, 2), LONG);
			producer.sendAndWait(Message.of("k", "between"), LONG);
			read(stream, 2);
			assertThat(this.client.cursors().get("billing", stream, 0)).isZero();
			producer.sendAndWait(chunk("x", 1, 2), LONG);
		}
		read(stream, 4);
		assertThat(this.received).extracting(ReceivedMessage::text)
			.containsExactly("before", "between", "between", "01");
		assertThat(this.client.cursors().get("billing", stream, 0)).isEqualTo(3);
	}

	private void read(String stream, int count) {
		try (Subscription subscription = this.client.subscribe(stream)
			.from(StartPosition.earliest())
			.cursor("billing")
			.tracking(OffsetTracking.every(Duration.ofMillis(50)))
			.handler(this.received::add)
			.start()) {
			await().atMost(LONG).until(() -> this.received.size() >= count);
			await().atMost(LONG)
				.until(() -> subscription.lastProcessed() >= this.received.get(count - 1).processedOffset());
		}
	}

	@Test
	void aConsumerCountsWhatItHasReturnedOnly() {
		String stream = stream();
		try (Producer producer = this.client.producer(stream).build()) {
			for (Message message : List.of(Message.of("k", "a"), chunk("x", 0, 2), Message.of("k", "b"),
					chunk("x", 1, 2), Message.of("k", "c"))) {
				producer.sendAndWait(message, LONG);
			}
		}
		List<Long> processed = new ArrayList<>();
		try (Consumer consumer = this.client.consumer(stream)
			.partition(0)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()) {
			consumer.iterator().forEachRemaining((message) -> processed.add(consumer.lastProcessed(0)));
		}
		assertThat(processed).containsExactly(0L, 0L, 3L, 4L);
	}

	@Test
	void whereReadingBeginsInTheMiddleOfOneThatIsTold() {
		String stream = stream();
		try (Producer producer = this.client.producer(stream).build()) {
			producer.sendAndWait(chunk("x", 0, 2), LONG);
			producer.sendAndWait(chunk("x", 1, 2), LONG);
			producer.sendAndWait(Message.of("k", "after"), LONG);
		}
		List<MalformedEntryException> malformed = new CopyOnWriteArrayList<>();
		List<String> texts = new ArrayList<>();
		this.client.consumer(stream)
			.partition(0)
			.from(StartPosition.offset(1))
			.until(StopPosition.latest())
			.onMalformed(malformed::add)
			.forEach((message) -> texts.add(message.text()));
		assertThat(texts).containsExactly("after");
		await().atMost(LONG).until(() -> !malformed.isEmpty());
		assertThat(malformed).singleElement()
			.satisfies((ex) -> assertThat(ex).hasMessageContaining("only 1 of its message's 2 chunks"));
	}

	private static Message chunk(String id, int index, int count) {
		return Message.builder()
			.value(String.valueOf(index))
			.header(EntryHeaders.CHUNK, "1;" + id + ";" + index + ";" + count)
			.partition(0)
			.build();
	}

}
