package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PublishingId;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.PublishAsyncError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Messages that are numbered, and what is known of them after a restart. */
class PublishingIdsTests extends FakeClusterTest {

	private ProducerBuilder numbering() {
		return this.client.producer("orders").name("p").publishingIds(true);
	}

	private static Message message(long id) {
		return Message.builder().key("k").value("m" + id).publishingId(id).build();
	}

	private static List<Message> messages(long from, long to) {
		return LongStream.range(from, to).mapToObj(PublishingIdsTests::message).toList();
	}

	private List<ReceivedMessage<byte[]>> stored() {
		List<ReceivedMessage<byte[]>> all = new ArrayList<>();
		if (this.orders.newest() >= 0) {
			this.client.consumer("orders")
				.from(StartPosition.earliest())
				.until(StopPosition.latest())
				.open()
				.forEach(all::add);
		}
		return all;
	}

	private List<Long> ids() {
		return stored().stream().map((message) -> PublishingId.of(message).orElse(-1)).toList();
	}

	@Test
	void isRefusedWithoutAName() {
		assertThatThrownBy(() -> this.client.producer("orders").publishingIds(true).build())
			.isInstanceOf(InvalidRequestException.class)
			.hasMessageContaining("publishingIds")
			.hasMessageContaining("name");
	}

	@Test
	void numbersMessagesByItselfAndGoesOnAboveAfterARestart() {
		try (Producer producer = numbering().build()) {
			assertThat(producer.lastPublishingId()).isEmpty();
			for (int i = 0; i < 5; i++) {
				producer.send(Message.of("k", "a" + i));
			}
			producer.flush();
			assertThat(producer.lastPublishingId()).hasValue(ids().get(4));
		}
		try (Producer producer = numbering().build()) {
			assertThat(producer.lastPublishingId()).hasValue(ids().get(4));
			assertThat(producer.lastPublishingId(0)).hasValue(ids().get(4));
			get(producer.send(Message.of("k", "b")));
		}
		assertThat(ids()).hasSize(6).isSorted().doesNotHaveDuplicates();
		assertThat(stored()).extracting(PublishingId::producer).containsOnly("p");
	}

	@Test
	void doesNotSendAgainWhatWasStoredBeforeTheStart() {
		try (Producer producer = numbering().build()) {
			getAll(producer.sendBatch(messages(10, 15)));
		}
		try (Producer producer = numbering().build()) {
			assertThat(producer.lastPublishingId()).hasValue(14);
			List<Ack> acks = getAll(producer.sendBatch(messages(12, 17)));
			assertThat(acks).extracting(Ack::duplicate).containsExactly(true, true, true, false, false);
			assertThat(acks).extracting(Ack::offset).containsExactly(-1L, -1L, -1L, 5L, 6L);
			assertThat(producer.inFlight()).isZero();
		}
		assertThat(ids()).containsExactly(10L, 11L, 12L, 13L, 14L, 15L, 16L);
	}

	@ParameterizedTest(name = "{0} records in an entry at the most")
	@ValueSource(ints = { 0, 2, 100 })
	void recordsOfBatchEntriesCount(int entries) {
		ProducerBuilder builder = (entries == 0) ? numbering()
				: numbering().batch(BatchSize.fixed(100)).batchEntries(entries);
		try (Producer producer = builder.build()) {
			getAll(producer.sendBatch(messages(1, 8)));
			producer.flush();
		}
		try (Producer producer = builder.build()) {
			assertThat(producer.lastPublishingId()).hasValue(7);
			assertThat(getAll(producer.sendBatch(messages(5, 11)))).extracting(Ack::duplicate)
				.containsExactly(true, true, true, false, false, false);
		}
		assertThat(ids()).containsExactlyElementsOf(LongStream.range(1, 11).boxed().toList());
	}

	@Test
	void entriesThatTheUserPutsTogetherAreNumberedAndRecovered() {
		try (Producer producer = numbering().build()) {
			get(producer.sendBatchEntry(messages(1, 6), Compression.GZIP));
		}
		try (Producer producer = numbering().build()) {
			List<Ack> acks = get(producer.sendBatchEntry(messages(4, 9), Compression.GZIP));
			assertThat(acks).extracting(Ack::duplicate).containsExactly(true, true, false, false, false);
		}
		assertThat(ids()).containsExactlyElementsOf(LongStream.range(1, 9).boxed().toList());
		assertThat(this.orders.newest()).isEqualTo(1);
	}

	@Test
	void entriesWithoutTheUsersNumbersHaveOneForEachRecord() {
		try (Producer producer = numbering().batch(BatchSize.fixed(4)).batchEntries(4).build()) {
			IntStream.range(0, 8).forEach((i) -> producer.send(Message.of("k", "m" + i)));
			producer.flush();
			List<Long> ids = ids();
			assertThat(ids).hasSize(8);
			assertThat(ids).containsExactlyElementsOf(LongStream.range(ids.get(0), ids.get(0) + 8).boxed().toList());
			assertThat(producer.lastPublishingId()).hasValue(ids.get(7));
		}
		try (Producer producer = numbering().build()) {
			assertThat(producer.lastPublishingId()).hasValue(ids().get(7));
		}
	}

	@Test
	void numbersRiseInTheOrderOfStorageWhoeverSends() throws Exception {
		int threads = 4;
		CountDownLatch ready = new CountDownLatch(threads);
		try (Producer producer = numbering().build()) {
			List<Thread> senders = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				Thread sender = new Thread(() -> {
					ready.countDown();
					for (int i = 0; i < 200; i++) {
						producer.send(Message.of("k", "v"));
					}
				});
				senders.add(sender);
				sender.start();
			}
			for (Thread sender : senders) {
				sender.join();
			}
			producer.flush();
		}
		assertThat(ids()).hasSize(800).isSorted().doesNotHaveDuplicates();
	}

	@Test
	void refusesNumbersThatDoNotRise() {
		try (Producer producer = numbering().build()) {
			get(producer.send(message(5)));
			assertThat(failure(producer.send(message(5)))).isInstanceOf(InvalidRequestException.class)
				.hasMessageContaining("publishingId 5 does not rise")
				.hasMessageContaining("partition 0")
				.hasMessageContaining("'p'");
			get(producer.send(message(6)));
			assertThat(failure(producer.sendAsync(message(2)))).isInstanceOf(InvalidRequestException.class);
		}
		assertThat(ids()).containsExactly(5L, 6L);
	}

	@Test
	void whatFailedMayBeSentAgain() {
		AtomicInteger refused = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (refused.getAndIncrement() == 0) {
				call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0");
			}
			else {
				call.store(request);
			}
		});
		try (Producer producer = numbering().build()) {
			failure(producer.send(message(5)));
			get(producer.send(message(5)));
		}
		assertThat(ids()).containsExactly(5L);
	}

	@Test
	void eitherTheUserNumbersOrTheProducer() {
		try (Producer producer = numbering().build()) {
			get(producer.send(message(5)));
			assertThatThrownBy(() -> producer.send(Message.of("k", "v"))).isInstanceOf(InvalidRequestException.class)
				.hasMessageContaining("no publishingId");
		}
		try (Producer producer = this.client.producer("orders").build()) {
			assertThatThrownBy(() -> producer.send(message(5))).isInstanceOf(InvalidRequestException.class)
				.hasMessageContaining("publishingIds(true)");
			assertThatThrownBy(producer::lastPublishingId).isInstanceOf(InvalidRequestException.class);
		}
		assertThatThrownBy(() -> Message.builder().publishingId(-2)).isInstanceOf(InvalidRequestException.class);
	}

	@Test
	void findsItsOwnBehindThoseOfOthers() {
		try (Producer producer = numbering().build()) {
			getAll(producer.sendBatch(messages(1, 4)));
		}
		for (int i = 0; i < 2500; i++) {
			this.orders.append("other");
		}
		try (Producer producer = numbering().build()) {
			assertThat(producer.lastPublishingId()).hasValue(3);
		}
		try (Producer producer = this.client.producer("orders").name("q").publishingIds(true).build()) {
			assertThat(producer.lastPublishingId()).isEmpty();
		}
	}

	@Test
	void nothingIsSentBeforeItIsKnownWhatIsStored() {
		this.broker.fail("FetchPartitionMetadata", Status.UNAVAILABLE.withDescription("not now"));
		try (Producer producer = numbering().enqueueTimeout(Duration.ofMillis(1500)).build()) {
			assertThatThrownBy(() -> producer.send(message(1))).isInstanceOf(BrokerUnavailableException.class);
			Optional<CompletableFuture<Ack>> tried = producer.trySend(message(1));
			assertThat(failure(tried.orElseThrow())).isInstanceOf(BrokerUnavailableException.class);
			assertThat(failure(producer.sendAsync(message(1)))).isInstanceOf(BrokerUnavailableException.class);
			assertThat(this.orders.newest()).isEqualTo(-1);
			this.broker.behave("FetchPartitionMetadata");
		}
		try (Producer producer = numbering().build()) {
			assertThat(get(producer.sendAsync(message(1))).offset()).isZero();
			assertThat(get(producer.trySend(message(2)).orElseThrow()).offset()).isEqualTo(1);
		}
	}

	@Test
	void aRejectedTryUsesNoNumberUp() {
		CompletableFuture<Void> arrived = new CompletableFuture<>();
		this.broker.onPublish((request, call) -> arrived.complete(null));
		try (Producer producer = numbering().maxInFlight(1).build()) {
			producer.lastPublishingId();
			CompletableFuture<Ack> first = producer.send(message(1));
			assertThat(producer.trySend(message(2))).isEmpty();
			// Else it is stored before the connection is lost, and once more after that.
			get(arrived);
			this.broker.onPublish((request, call) -> call.store(request));
			this.broker.publishCalls().forEach((call) -> call.end(Status.UNAVAILABLE));
			get(first);
			assertThat(get(producer.send(message(2))).offset()).isEqualTo(1);
		}
	}

	@Test
	void whatHasAgedOutIsNotWaitedFor() {
		this.orders.beginAt(5);
		try (Producer producer = numbering().build()) {
			assertThat(get(producer.sendAsync(message(1))).offset()).isEqualTo(5);
			assertThat(producer.lastPublishingId()).hasValue(1);
		}
	}

	@ParameterizedTest(name = "paused: {0}")
	@ValueSource(booleans = { false, true })
	void aBrokerThatDoesNotLetReadIsAskedAgain(boolean paused) {
		this.orders.append("other");
		this.orders.paused(paused);
		this.broker.onSubscribe((call) -> {
		});
		try (Producer producer = numbering().enqueueTimeout(Duration.ofMillis(400)).build()) {
			assertThatThrownBy(() -> producer.send(message(1))).isInstanceOf(BrokerUnavailableException.class);
			this.broker.onSubscribe(SubscriberCall::serve);
			await().atMost(LONG)
				.ignoreException(BrokerUnavailableException.class)
				.untilAsserted(() -> assertThat(get(producer.send(message(1))).offset()).isEqualTo(1));
		}
	}

	@Test
	void aPartitionThatCameLaterIsSearchedToo() {
		try (Producer producer = numbering().build()) {
			get(producer.send(message(1)));
			this.cluster.remove("orders");
			List<FakePartition> two = this.cluster.stream("orders", 2);
			try (Producer other = numbering().build()) {
				get(other.send(message(7).toBuilder().partition(1).build()));
			}
			assertThat(get(producer.send(message(7).toBuilder().partition(1).build())).duplicate()).isTrue();
			assertThat(two.get(1).values()).containsExactly("m7");
		}
	}

}
