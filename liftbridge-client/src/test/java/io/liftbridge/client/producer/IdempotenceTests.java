package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.PublishCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.IncorrectOffsetException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Messages that are stored exactly once. */
class IdempotenceTests extends FakeClusterTest {

	private static final int COUNT = 12;

	@BeforeEach
	void control() {
		this.orders.control();
	}

	private ProducerBuilder idempotent() {
		return this.client.producer("orders").idempotence(true);
	}

	private static List<String> names(int from, int to) {
		return IntStream.range(from, to).mapToObj((i) -> "m" + (100 + i)).toList();
	}

	private static List<CompletableFuture<Ack>> send(Producer producer, List<String> values) {
		List<CompletableFuture<Ack>> futures = new ArrayList<>();
		values.forEach((value) -> futures.add(producer.send(Message.of("k", value))));
		return futures;
	}

	private static boolean isProbe(PublishRequest request) {
		return request.getExpectedOffset() == -2 || request.getValue().toStringUtf8().equals("start");
	}

	/** Before its first message is stored, a producer sends no second one. */
	private static Producer started(ProducerBuilder builder) {
		Producer producer = builder.build();
		assertThat(get(producer.send(Message.of("k", "start"))).offset()).isZero();
		return producer;
	}

	private List<String> stored() {
		assertThat(this.orders.values()).startsWith("start");
		return this.orders.values().subList(1, this.orders.values().size());
	}

	private static void allAreStored(List<CompletableFuture<Ack>> futures, long first) {
		assertThat(getAll(futures)).extracting(Ack::offset)
			.containsExactlyElementsOf(LongStream.range(first, first + futures.size()).boxed().toList());
	}

	@Test
	void eachMessageExpectsItsOffset() {
		this.orders.append("before");
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(0, COUNT)), 1);
		}
		assertThat(this.orders.values()).hasSize(COUNT + 1).endsWith("m111");
		assertThat(this.broker.publishCalls()
			.stream()
			.flatMap((call) -> call.received().stream())
			.filter((request) -> !isProbe(request))
			.map(PublishRequest::getExpectedOffset))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, COUNT).boxed().toList());
		assertThat(this.broker.publishCalls().get(0).received().get(0).getAckPolicy())
			.isEqualTo(io.liftbridge.proto.AckPolicy.ALL);
	}

	/**
	 * The call breaks when so many messages have arrived, of which so many were stored
	 * and so many acknowledged.
	 */
	@ParameterizedTest
	@CsvSource({ "1, 0, 0", "1, 1, 0", "1, 1, 1", "2, 1, 1", "2, 2, 1", "5, 0, 0", "5, 1, 1", "5, 5, 1", "5, 5, 3",
			"5, 5, 5", "12, 0, 0", "12, 12, 0", "12, 12, 1", "12, 12, 6", "12, 12, 11", "12, 7, 3" })
	void isStoredOnceWhereverTheCallBreaks(int arrived, int stored, int acknowledged) {
		AtomicBoolean broken = new AtomicBoolean();
		AtomicInteger seen = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (broken.get() || isProbe(request)) {
				call.store(request);
				return;
			}
			if (call.isEnded()) {
				return;
			}
			int number = seen.incrementAndGet();
			if (number <= acknowledged) {
				call.store(request);
			}
			else if (number <= stored) {
				silently(request);
			}
			if (number == arrived) {
				broken.set(true);
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
		});
		try (Producer producer = started(idempotent())) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, COUNT));
			allAreStored(futures, 1);
			assertThat(producer.inFlight()).isZero();
		}
		assertThat(stored()).containsExactlyElementsOf(names(0, COUNT));
	}

	/** Stores it and says nothing. */
	private long silently(PublishRequest request) {
		return this.orders.append(request);
	}

	/**
	 * Copies from before the connection was lost arrive after it was made again, before
	 * or behind so many of those that were sent again.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 5, 11, 12 })
	void copiesThatArriveLateAreNotStoredTwice(int after) {
		List<PublishRequest> held = new CopyOnWriteArrayList<>();
		AtomicBoolean broken = new AtomicBoolean();
		AtomicInteger again = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (isProbe(request)) {
				call.store(request);
			}
			else if (!broken.get()) {
				held.add(request);
				if (held.size() == COUNT) {
					broken.set(true);
					call.end(Status.UNAVAILABLE.withDescription("socket closed"));
				}
			}
			else {
				if (again.getAndIncrement() == after) {
					held.forEach(this::silently);
				}
				call.store(request);
			}
		});
		try (Producer producer = started(idempotent())) {
			allAreStored(send(producer, names(0, COUNT)), 1);
			held.forEach(this::silently);
			allAreStored(send(producer, names(COUNT, COUNT + 3)), COUNT + 1);
		}
		assertThat(stored()).containsExactlyElementsOf(names(0, COUNT + 3));
	}

	@Test
	void aMessageThatTheTransportLosesIsSentAgainWithAllBehindIt() {
		AtomicBoolean lost = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("m103") && !lost.getAndSet(true)) {
				return;
			}
			call.store(request);
		});
		try (Producer producer = started(idempotent())) {
			allAreStored(send(producer, names(0, COUNT)), 1);
		}
		assertThat(stored()).containsExactlyElementsOf(names(0, COUNT));
	}

	@Test
	void thoseBehindARefusedMessageMoveUp() {
		this.broker.onPublish((request, call) -> {
			String value = request.getValue().toStringUtf8();
			if (!isProbe(request) && (value.equals("m103") || value.equals("m107"))) {
				call.error(request, PublishAsyncError.Code.BAD_REQUEST, "message exceeds max replication size");
			}
			else {
				call.store(request);
			}
		});
		try (Producer producer = started(idempotent())) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, COUNT));
			assertThat(failure(futures.remove(7))).isInstanceOf(MessageTooLargeException.class);
			assertThat(failure(futures.remove(3))).isInstanceOf(MessageTooLargeException.class);
			allAreStored(futures, 1);
		}
		List<String> rest = new ArrayList<>(names(0, COUNT));
		rest.removeAll(List.of("m103", "m107"));
		assertThat(stored()).containsExactlyElementsOf(rest);
	}

	@Test
	void anotherWriterIsReportedAndNothingMoreIsSent() {
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(0, 2)), 0);
			this.orders.append("foreign");
			assertThat(failure(producer.send(Message.of("k", "refused")))).isInstanceOf(IncorrectOffsetException.class)
				.hasMessageContaining("stream 'orders' partition 0")
				.hasMessageContaining("at offset 2")
				.hasMessageContaining("was not stored")
				.hasMessageContaining("start another one");
			assertThat(failure(producer.send(Message.of("k", "later")))).isInstanceOf(IncorrectOffsetException.class);
		}
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(5, 7)), 3);
		}
		assertThat(this.orders.values()).containsExactly("m100", "m101", "foreign", "m105", "m106");
	}

	@Test
	void anotherWriterDuringAnOutageIsNotTakenForOneself() {
		AtomicBoolean broken = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("m103") && !broken.getAndSet(true)) {
				this.orders.append("foreign");
				this.orders.append("foreign");
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
			else if (!broken.get() || !call.isEnded()) {
				call.store(request);
			}
		});
		try (Producer producer = idempotent().build()) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, 3));
			allAreStored(futures, 0);
			List<CompletableFuture<Ack>> lost = send(producer, names(3, 6));
			lost.forEach((future) -> assertThat(failure(future)).hasMessageContaining("at offset 3"));
			assertThat(failure(lost.get(0)).outcome()).isEqualTo(Outcome.REFUSED);
		}
		assertThat(this.orders.values()).containsExactly("m100", "m101", "m102", "foreign", "foreign");
	}

	@Test
	void whoWritesBeforeTheFirstMessageIsNobodysConcern() {
		AtomicBoolean first = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (!isProbe(request) && !first.getAndSet(true)) {
				this.orders.append("late message of an earlier process");
			}
			call.store(request);
		});
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(0, COUNT)), 1);
		}
		assertThat(this.orders.values()).hasSize(COUNT + 1);
	}

	@Test
	void whatABrokerDoesNotShowAfterACrashIsVerifiedWithTheNextMessage() {
		AtomicBoolean broken = new AtomicBoolean();
		this.broker.onPublish((request, call) -> {
			if (request.getValue().toStringUtf8().equals("m102") && !isProbe(request) && !broken.getAndSet(true)) {
				silently(request);
				this.orders.forgetCommitsAfter(0);
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
			else if (!call.isEnded()) {
				call.store(request);
			}
		});
		try (Producer producer = idempotent().build()) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, 3));
			await().atMost(LONG).untilTrue(broken);
			await().atMost(LONG).until(() -> this.broker.publishCalls().size() >= 3);
			futures.addAll(send(producer, names(3, 5)));
			allAreStored(futures, 0);
		}
		assertThat(this.orders.values()).containsExactlyElementsOf(names(0, 5));
	}

	@Test
	void whatALeaderLosesIsNotTakenForStored() {
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(0, 5)), 0);
			this.orders.truncate(3);
			allAreStored(send(producer, names(5, 7)), 3);
		}
		assertThat(this.orders.values()).containsExactly("m100", "m101", "m102", "m105", "m106");
	}

	@Test
	void goesOnAfterABrokerRestart() {
		try (Producer producer = idempotent().build()) {
			allAreStored(send(producer, names(0, 3)), 0);
			this.broker.kill();
			List<CompletableFuture<Ack>> futures = send(producer, names(3, COUNT));
			this.broker.start();
			allAreStored(futures, 3);
		}
		assertThat(this.orders.values()).containsExactlyElementsOf(names(0, COUNT));
	}

	@Test
	void aMessageThatTookTooLongKeepsItsPlace() {
		AtomicBoolean silent = new AtomicBoolean(true);
		List<PublishCall> calls = new CopyOnWriteArrayList<>();
		this.broker.onPublish((request, call) -> {
			if (isProbe(request) || !silent.get()) {
				call.store(request);
			}
			else {
				calls.add(call);
			}
		});
		try (Producer producer = started(idempotent().ackTimeout(Duration.ofSeconds(2)))) {
			List<CompletableFuture<Ack>> late = send(producer, names(0, 2));
			late.forEach((future) -> assertThat(failure(future)).isInstanceOf(AckTimeoutException.class));
			assertThat(failure(late.get(0)).outcome()).isEqualTo(Outcome.INDETERMINATE);
			silent.set(false);
			calls.get(0).end(Status.UNAVAILABLE.withDescription("socket closed"));
			await().atMost(LONG).untilAsserted(() -> {
				producer.send(Message.of("k", "next")).join();
				assertThat(this.orders.values()).contains("next");
			});
		}
		assertThat(this.orders.values()).doesNotHaveDuplicates();
	}

	@Test
	void batchEntriesAndPublishingIdsGoTogetherWithIt() {
		AtomicInteger breaks = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (!isProbe(request) && breaks.getAndIncrement() % 3 == 0) {
				if (breaks.get() % 2 == 0) {
					silently(request);
				}
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
			else if (!call.isEnded()) {
				call.store(request);
			}
		});
		try (Producer producer = idempotent().name("p")
			.publishingIds(true)
			.batch(BatchSize.fixed(4))
			.batchEntries(4)
			.compression(Compression.GZIP)
			.build()) {
			List<CompletableFuture<Ack>> futures = send(producer, names(0, 24));
			producer.flush();
			List<Ack> acks = getAll(futures);
			assertThat(acks).extracting(Ack::offset)
				.containsExactlyElementsOf(LongStream.range(0, 24).map((i) -> i / 4).boxed().toList());
			assertThat(acks).extracting(Ack::index)
				.containsExactlyElementsOf(IntStream.range(0, 24).map((i) -> i % 4).boxed().toList());
			assertThat(producer.lastPublishingId()).isPresent();
		}
		assertThat(this.orders.newest()).isEqualTo(5);
	}

	@Test
	void chunksOfLargeMessagesAreStoredOnce() {
		client(builder().maxMessageBytes(1000));
		AtomicInteger seen = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (call.isEnded()) {
				return;
			}
			if (!isProbe(request) && seen.incrementAndGet() % 5 == 0) {
				silently(request);
				call.end(Status.UNAVAILABLE.withDescription("socket closed"));
			}
			else {
				call.store(request);
			}
		});
		try (Producer producer = started(idempotent().name("p").publishingIds(true).largeMessages(1 << 20))) {
			List<CompletableFuture<Ack>> futures = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				futures.add(producer.send(Message.of("k", ("v" + i).repeat(1500))));
			}
			getAll(futures);
		}
		assertThat(this.client.consumer("orders")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()
			.stream()
			.map(ReceivedMessage::text))
			.containsExactly("start", "v0".repeat(1500), "v1".repeat(1500), "v2".repeat(1500), "v3".repeat(1500));
		assertThat(this.orders.values().stream().skip(1).mapToInt(String::length).sum()).isEqualTo(12_000);
	}

	@Test
	void manyConnectionsThatBreakAtAnyTimeChangeNothing() {
		AtomicInteger seen = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (call.isEnded()) {
				return;
			}
			if (isProbe(request)) {
				call.store(request);
				return;
			}
			switch (seen.incrementAndGet() % 17) {
				case 3 -> call.end(Status.UNAVAILABLE.withDescription("before it is stored"));
				case 11 -> {
					silently(request);
					call.end(Status.UNAVAILABLE.withDescription("after it is stored"));
				}
				default -> call.store(request);
			}
		});
		try (Producer producer = started(idempotent().maxInFlight(7))) {
			allAreStored(send(producer, names(0, 100)), 1);
		}
		assertThat(stored()).containsExactlyElementsOf(names(0, 100));
	}

}
