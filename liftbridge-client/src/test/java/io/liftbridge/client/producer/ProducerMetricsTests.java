package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.AckTimeoutException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MessageTooLargeException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.ReadonlyPartitionException;
import io.liftbridge.client.message.StreamNotFoundException;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.proto.PublishAsyncError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ProducerMetricsTests extends HeldAnswersTest {

	private final Recorder recorder = new Recorder();

	private ProducerBuilder producer() {
		return this.client.producer("orders").metrics(this.recorder);
	}

	private static List<Message> messages(int count) {
		return IntStream.range(0, count).mapToObj((i) -> Message.of("k", "value")).toList();
	}

	@Test
	void countsWhatIsSentAndAckedWithItsLatency() {
		Producer producer = producer().name("till").build();
		assertThat(this.recorder.opened).containsExactly("orders/till");
		getAll(producer.sendBatch(messages(100)));
		producer.sendAndWait(Message.of("k", "v"), LONG);
		get(producer.sendAsync(Message.of("k", "v")));
		get(producer.trySend(Message.of("k", "v")).orElseThrow());
		assertThat(this.recorder.sent).hasValue(103);
		assertThat(this.recorder.acked).hasValue(103);
		assertThat(this.recorder.latencies).hasSize(103).allMatch((nanos) -> nanos > 0 && nanos < LONG.toNanos());
		assertThat(this.recorder.failed).isEmpty();
		assertThat(this.recorder.batches).isEmpty();
		assertThat(this.recorder.entries).isEmpty();
		assertThat(this.recorder.blocked).isEmpty();
		producer.close();
		await().until(() -> this.recorder.closed.get() == 1);
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.send(Message.of("k", "v")));
		assertThat(this.recorder.failed).isEmpty();
	}

	@Test
	void doesNotCountDuplicatesByPublishingId() {
		for (int start = 0; start < 2; start++) {
			try (Producer producer = producer().name("till").publishingIds(true).build()) {
				for (long id = 1; id <= 3 + start; id++) {
					get(producer.send(Message.builder().key("k").value("v").publishingId(id).build()));
				}
			}
		}
		assertThat(this.recorder.sent).hasValue(4);
		assertThat(this.recorder.acked).hasValue(4);
		assertThat(this.recorder.latencies).hasSize(4);
	}

	@Test
	void whatNeedsNoAcknowledgementHasNoLatency() {
		Producer producer = producer().ackPolicy(AckPolicy.NONE).build();
		getAll(producer.sendBatch(messages(10)));
		assertThat(this.recorder.acked).hasValue(10);
		assertThat(this.recorder.latencies).isEmpty();
	}

	@Test
	void tellsWhatIsInFlight() {
		holdAnswers();
		Producer producer = producer().build();
		List<CompletableFuture<Ack>> sent = producer.sendBatch(messages(5));
		assertThat(this.recorder.inFlight.getAsInt()).isEqualTo(5);
		answerAll();
		getAll(sent);
		assertThat(this.recorder.inFlight.getAsInt()).isZero();
	}

	@Test
	void countsFailuresByTheirReason() {
		this.broker.onPublish((request, call) -> {
			switch (request.getValue().toStringUtf8()) {
				case "readonly" -> call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0");
				case "lost" -> {
				}
				default -> call.store(request);
			}
		});
		Producer producer = producer().ackTimeout(Duration.ofSeconds(2)).build();
		assertThat(failure(producer.send(Message.of("k", "readonly")))).isInstanceOf(ReadonlyPartitionException.class);
		assertThat(failure(producer.send(Message.of("k", "lost")))).isInstanceOf(AckTimeoutException.class);
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.send(Message.of(new byte[2 << 20])));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.trySend(Message.of(new byte[2 << 20])));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.sendBatch(List.of(Message.of("k", "v"), Message.of(new byte[2 << 20]))));
		assertThat(failure(producer.sendAsync(Message.of(new byte[2 << 20]))))
			.isInstanceOf(MessageTooLargeException.class);
		assertThat(producer.publishBulk(List.of(Message.of(new byte[2 << 20]))).run().failed()).isEqualTo(1);
		assertThat(failure(producer.sendAsync(Message.builder().partition(9).build())))
			.isInstanceOf(PartitionNotFoundException.class);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> producer.send(Message.builder().ackPolicy(AckPolicy.NONE).expectedOffset(3).build()));
		assertThat(this.recorder.failed).isEqualTo(Map.of(ReadonlyPartitionException.class, 1,
				AckTimeoutException.class, 1, MessageTooLargeException.class, 6, PartitionNotFoundException.class, 1,
				InvalidRequestException.class, 1));
		assertThat(this.recorder.sent).hasValue(2);
		assertThat(this.recorder.acked).hasValue(0);
	}

	@Test
	void countsALargeMessageOnce() {
		AtomicInteger chunks = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (chunks.incrementAndGet() == 4) {
				call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0");
			}
			else {
				call.store(request);
			}
		});
		Producer producer = producer().largeMessages(8 << 20).build();
		get(producer.send(Message.of("k", "v".repeat(2 << 20))));
		failure(producer.send(Message.of("k", "v".repeat(2 << 20))));
		get(producer.flushAsync());
		assertThat(this.recorder.sent).hasValue(2);
		assertThat(this.recorder.acked).hasValue(1);
		assertThat(this.recorder.latencies).hasSize(1);
		assertThat(this.recorder.failed).isEqualTo(Map.of(ReadonlyPartitionException.class, 1));
	}

	@Test
	void countsStreamsThatAreNotThereAndMessagesWithoutRoute() {
		Producer lost = this.client.producer("nowhere").metrics(this.recorder).build();
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> lost.send(Message.of("k", "v")));
		Producer dropping = producer().partitioner((message, count) -> Partitioner.DROP).build();
		assertThat(failure(dropping.send(Message.of("k", "v")))).isInstanceOf(UnroutableException.class);
		assertThat(this.recorder.failed)
			.isEqualTo(Map.of(StreamNotFoundException.class, 1, UnroutableException.class, 1));
		assertThat(this.recorder.sent).hasValue(0);
	}

	@Test
	void countsWhatIsClosedBeforeItsAnswer() {
		this.broker.onPublish((request, call) -> {
		});
		Producer producer = producer().build();
		List<CompletableFuture<Ack>> sent = producer.sendBatch(messages(3));
		producer.close(Duration.ZERO);
		sent.forEach((future) -> assertThat(failure(future)).isInstanceOf(ClientClosedException.class));
		await().until(() -> this.recorder.closed.get() == 1);
		assertThat(this.recorder.failed).isEqualTo(Map.of(ClientClosedException.class, 3));
	}

	@Test
	void tellsHowLongSendersWaitForRoom() {
		holdAnswers();
		this.client.streams().list();
		Producer producer = producer().maxInFlight(1).enqueueTimeout(Duration.ofMillis(200)).build();
		CompletableFuture<Ack> first = producer.send(Message.of("k", "v"));
		assertThatExceptionOfType(EnqueueTimeoutException.class)
			.isThrownBy(() -> producer.send(Message.of("k", "late")));
		assertThat(this.recorder.failed).isEqualTo(Map.of(EnqueueTimeoutException.class, 1));
		assertThat(this.recorder.blocked).singleElement()
			.satisfies((nanos) -> assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofMillis(190), LONG));
		answerAll();
		get(first);
	}

	@Test
	void tellsHowLongSendersWaitForBatches() {
		holdAnswers();
		this.client.streams().list();
		Producer producer = producer().batch(BatchSize.fixed(2))
			.maxBatches(1)
			.enqueueTimeout(Duration.ofMillis(200))
			.build();
		List<CompletableFuture<Ack>> sent = new ArrayList<>();
		assertThatExceptionOfType(EnqueueTimeoutException.class).isThrownBy(() -> {
			for (int i = 0; i < 10; i++) {
				sent.add(producer.send(Message.of("k", "v" + i)));
			}
		});
		assertThat(this.recorder.blocked).last()
			.satisfies((nanos) -> assertThat(Duration.ofNanos(nanos)).isBetween(Duration.ofMillis(150), LONG));
		assertThat(this.recorder.sent).hasValue(sent.size());
		answerAll();
		getAll(sent);
		assertThat(this.recorder.batches).hasSize(sent.size() / 2).allMatch((size) -> size == 2);
	}

	@Test
	void tellsTheSizesOfBatchesAndEntries() {
		Producer producer = producer().batch(BatchSize.fixed(10)).batchEntries(5).compression(Compression.ZSTD).build();
		List<CompletableFuture<Ack>> sent = IntStream.range(0, 20)
			.mapToObj((i) -> producer.send(Message.of("k", "value;".repeat(100))))
			.toList();
		getAll(sent);
		assertThat(this.recorder.batches).containsExactly(10, 10);
		assertThat(this.recorder.entries).hasSize(4).allSatisfy((entry) -> {
			assertThat(entry[0]).isEqualTo(5);
			assertThat(entry[1]).isGreaterThan(3000);
			assertThat(entry[2]).isBetween(10, 1000);
		});
		assertThat(this.recorder.acked).hasValue(20);
		assertThat(this.recorder.latencies).as("one for each message of the server").hasSize(4);
		get(producer.sendBatchEntry(messages(3), Compression.NONE));
		assertThat(this.recorder.sent).hasValue(23);
		assertThat(this.recorder.acked).hasValue(23);
		assertThat(this.recorder.entries).hasSize(5);
		assertThat(this.recorder.entries.get(4)[1]).isEqualTo(this.recorder.entries.get(4)[2]);
	}

	@Test
	void tellsWhatIsCompressedByItself() {
		Producer producer = producer().compression(Compression.GZIP).build();
		get(producer.send(Message.of("k", "value;".repeat(100))));
		assertThat(this.recorder.entries).singleElement().satisfies((entry) -> {
			assertThat(entry[0]).isEqualTo(1);
			assertThat(entry[1]).isEqualTo(600);
			assertThat(entry[2]).isBetween(10, 200);
		});
	}

	@Test
	void theClientsMetricsCountForEachProducerThatHasNoOthers() {
		client(builder().producerMetrics(this.recorder));
		get(this.client.producer("orders").build().send(Message.of("k", "v")));
		get(this.client.producer("orders").metrics(ProducerMetrics.NONE).build().send(Message.of("k", "v")));
		this.client.publishBulk(List.of(BulkRequest.of("orders", Message.of("k", "v")))).run();
		assertThat(this.recorder.sent).hasValue(2);
		assertThat(this.recorder.acked).hasValue(2);
		await().until(() -> this.recorder.closed.get() == 1);
		this.client.close();
		await().until(() -> this.recorder.closed.get() == 2);
	}

	@Test
	void whatIsInFlightMayBeAskedForAtOnce() {
		List<Integer> inFlight = new ArrayList<>();
		Producer producer = this.client.producer("orders").metrics((stream, name, asked) -> {
			inFlight.add(asked.getAsInt());
			return this.recorder;
		}).build();
		get(producer.send(Message.of("k", "v")));
		assertThat(inFlight).containsExactly(0);
		assertThat(this.recorder.sent).hasValue(1);
	}

	@Test
	void countsEachRequestOfABulkToAStreamThatIsNotThere() {
		BulkSummary summary = this.client
			.publishBulk(IntStream.range(0, 500).mapToObj((i) -> BulkRequest.of("nowhere", Message.of("k", "v"))))
			.maxInFlight(10)
			.producers((producer) -> producer.metrics(this.recorder))
			.run();
		assertThat(summary.failed()).isEqualTo(500);
		assertThat(this.recorder.failed).isEqualTo(Map.of(StreamNotFoundException.class, 500));
	}

	@Test
	void metricsThatFailHarmNobody() {
		ProducerRecorder failing = new Failing();
		ProducerMetrics metrics = ProducerMetrics
			.all(List.<ProducerMetrics>of((stream, name, inFlight) -> failing, (stream, name, inFlight) -> {
				throw new IllegalStateException("broken");
			}, this.recorder));
		Producer producer = this.client.producer("orders")
			.metrics(metrics)
			.batch(BatchSize.fixed(5))
			.batchEntries(5)
			.maxInFlight(10)
			.build();
		for (int i = 0; i < 50; i++) {
			producer.send(Message.of("k", "v"));
		}
		producer.flush();
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> producer.send(Message.of(new byte[2 << 20])));
		producer.close();
		assertThat(this.recorder.sent).hasValue(50);
		assertThat(this.recorder.acked).hasValue(50);
		assertThat(this.recorder.failed).hasSize(1);
		await().until(() -> this.recorder.closed.get() == 1);
		assertThat(ProducerMetrics.all(List.of())).isSameAs(ProducerMetrics.NONE);
		assertThat(ProducerMetrics.all(List.of(this.recorder))).isSameAs(this.recorder);
	}

	private static final class Failing implements ProducerRecorder {

		@Override
		public void sent(int messages) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void acked(int messages) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void ackLatency(long nanos) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void failed(int messages, LiftbridgeException reason) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void batch(int messages) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void entry(int records, int bytes, int storedBytes) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void blocked(long nanos) {
			throw new IllegalStateException("broken");
		}

		@Override
		public void closed() {
			throw new IllegalStateException("broken");
		}

	}

	private static final class Recorder implements ProducerMetrics, ProducerRecorder {

		private final List<String> opened = new CopyOnWriteArrayList<>();

		private final AtomicLong sent = new AtomicLong();

		private final AtomicLong acked = new AtomicLong();

		private final List<Long> latencies = new CopyOnWriteArrayList<>();

		private final Map<Class<?>, Integer> failed = Collections.synchronizedMap(new HashMap<>());

		private final List<Integer> batches = new CopyOnWriteArrayList<>();

		private final List<int[]> entries = new CopyOnWriteArrayList<>();

		private final List<Long> blocked = new CopyOnWriteArrayList<>();

		private final AtomicInteger closed = new AtomicInteger();

		private volatile IntSupplier inFlight = () -> -1;

		@Override
		public ProducerRecorder open(String stream, String name, IntSupplier inFlight) {
			this.opened.add(stream + "/" + name);
			this.inFlight = inFlight;
			return this;
		}

		@Override
		public void sent(int messages) {
			this.sent.addAndGet(messages);
		}

		@Override
		public void acked(int messages) {
			this.acked.addAndGet(messages);
		}

		@Override
		public void ackLatency(long nanos) {
			this.latencies.add(nanos);
		}

		@Override
		public void failed(int messages, LiftbridgeException reason) {
			this.failed.merge(reason.getClass(), messages, Integer::sum);
		}

		@Override
		public void batch(int messages) {
			this.batches.add(messages);
		}

		@Override
		public void entry(int records, int bytes, int storedBytes) {
			this.entries.add(new int[] { records, bytes, storedBytes });
		}

		@Override
		public void blocked(long nanos) {
			this.blocked.add(nanos);
		}

		@Override
		public void closed() {
			this.closed.incrementAndGet();
		}

	}

}
