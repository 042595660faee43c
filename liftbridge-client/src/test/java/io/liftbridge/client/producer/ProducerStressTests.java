package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.EventId;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Several threads send in every way there is, to several partitions, while the broker is
 * killed again and again.
 */
class ProducerStressTests extends FakeClusterTest {

	private static final Logger logger = LoggerFactory.getLogger(ProducerStressTests.class);

	private static final int SENDERS = 4;

	private static final int PARTITIONS = 3;

	private static final int MESSAGES = 1500;

	private static final int KILLS = 4;

	private static final Duration VERY_LONG = Duration.ofSeconds(90);

	enum Mode {

		NONE((builder) -> builder),

		FIXED((builder) -> builder.batch(BatchSize.fixed(7))),

		FIXED_LINGERING((builder) -> builder.batch(BatchSize.fixed(20)).linger(Duration.ofMillis(3)).maxBatches(1)),

		ADAPTIVE((builder) -> builder.batch(BatchSize.adaptive())),

		ENTRIES((builder) -> builder.batchEntries(16)),

		ENTRIES_FIXED((builder) -> builder.batch(BatchSize.fixed(10)).batchEntries(4).compression(Compression.ZLIB)),

		ADAPTIVE_SMALL((builder) -> builder.batch(BatchSize.adaptive()).maxBatchBytes(1500).maxBatches(1));

		private final UnaryOperator<ProducerBuilder> options;

		Mode(UnaryOperator<ProducerBuilder> options) {
			this.options = options;
		}

	}

	@ParameterizedTest
	@EnumSource
	void losesNothingAndKeepsTheOrderOfEachSender(Mode mode) throws Exception {
		long seed = ThreadLocalRandom.current().nextLong();
		logger.info("{}, seed {}", mode, seed);
		Random random = new Random(seed);
		List<FakePartition> stored = this.cluster.stream("stress", PARTITIONS);
		ExecutorService threads = Executors.newCachedThreadPool();
		ProducerBuilder builder = this.client.producer("stress")
			.maxInFlight(100 + random.nextInt(900))
			.ackTimeout(VERY_LONG)
			.enqueueTimeout(VERY_LONG);
		switch (random.nextInt(3)) {
			case 0 -> builder.executor(threads);
			case 1 -> builder.executor(Runnable::run);
			default -> {
				// Its own thread.
			}
		}
		Producer producer = mode.options.apply(builder).build();
		AtomicInteger done = new AtomicInteger();
		List<Future<Map<String, CompletableFuture<Ack>>>> senders = new ArrayList<>();
		for (int i = 0; i < SENDERS; i++) {
			Random own = new Random(random.nextLong());
			int sender = i;
			senders.add(threads.submit(() -> send(producer, sender, own, done)));
		}
		for (int i = 1; i <= KILLS; i++) {
			int when = SENDERS * MESSAGES * i / (KILLS + 2) + random.nextInt(200);
			await().atMost(VERY_LONG).pollInterval(Duration.ofMillis(1)).until(() -> done.get() >= when);
			this.broker.kill();
			this.broker.start();
		}
		Map<String, CompletableFuture<Ack>> futures = new HashMap<>();
		for (Future<Map<String, CompletableFuture<Ack>>> sender : senders) {
			futures.putAll(sender.get(VERY_LONG.toSeconds(), TimeUnit.SECONDS));
		}
		assertThat(producer.flush(VERY_LONG)).as("seed %d", seed).isTrue();
		assertThat(futures).as("seed %d", seed).hasSize(SENDERS * MESSAGES);
		futures.forEach((value, future) -> assertThat(future).as("%s, seed %d", value, seed).isCompleted());
		check(stored, futures, seed);
		assertThat(producer.inFlight()).as("seed %d", seed).isZero();
		producer.close();
		threads.shutdown();
	}

	/** Values are sender:partition:number. */
	private static Map<String, CompletableFuture<Ack>> send(Producer producer, int sender, Random random,
			AtomicInteger done) {
		Map<String, CompletableFuture<Ack>> futures = new HashMap<>();
		int number = 0;
		while (number < MESSAGES) {
			Message message = message(sender, number, random);
			CompletableFuture<Ack> future;
			switch (random.nextInt(12)) {
				case 0, 1, 2 -> future = producer.sendAsync(message);
				case 3, 4, 5 -> future = producer.trySend(message).orElseGet(() -> producer.send(message));
				case 6 -> {
					future = producer.send(message);
					if (random.nextInt(20) == 0) {
						future.join();
					}
				}
				case 7 -> {
					List<Message> list = new ArrayList<>(List.of(message));
					while (list.size() < 5 && number + 1 < MESSAGES) {
						list.add(message(sender, ++number, random));
					}
					List<CompletableFuture<Ack>> all = producer.sendBatch(list);
					for (int i = 0; i < list.size(); i++) {
						watch(futures, list.get(i), all.get(i), done);
					}
					number++;
					continue;
				}
				default -> future = producer.send(message);
			}
			watch(futures, message, future, done);
			number++;
		}
		return futures;
	}

	private static void watch(Map<String, CompletableFuture<Ack>> futures, Message message,
			CompletableFuture<Ack> future, AtomicInteger done) {
		futures.put(new String(message.value()), future);
		future.whenComplete((ack, failure) -> done.incrementAndGet());
	}

	private static Message message(int sender, int number, Random random) {
		int partition = random.nextInt(PARTITIONS);
		return Message.builder()
			.value(sender + ":" + partition + ":" + number + ":" + "x".repeat(random.nextInt(200)))
			.partition(partition)
			.build();
	}

	private void check(List<FakePartition> stored, Map<String, CompletableFuture<Ack>> futures, long seed) {
		Set<String> seen = new HashSet<>();
		Map<EventId, String> places = new HashMap<>();
		for (int partition = 0; partition < PARTITIONS; partition++) {
			int[] newest = new int[SENDERS];
			for (ReceivedMessage<byte[]> message : read(stored.get(partition), partition)) {
				String value = new String(message.value());
				places.put(new EventId("stress", partition, message.offset(), message.index()), value);
				// Sent again, it may be stored again.
				if (seen.add(value)) {
					String[] parts = value.split(":");
					int sender = Integer.parseInt(parts[0]);
					int number = Integer.parseInt(parts[2]) + 1;
					assertThat(number).as("%s, seed %d", value, seed).isGreaterThan(newest[sender]);
					newest[sender] = number;
				}
			}
		}
		futures.forEach((value, future) -> assertThat(places.get(future.join().eventId())).as("seed %d", seed)
			.isEqualTo(value));
		assertThat(seen).isEqualTo(futures.keySet());
	}

	private List<ReceivedMessage<byte[]>> read(FakePartition stored, int partition) {
		List<ReceivedMessage<byte[]>> all = Collections.synchronizedList(new ArrayList<>());
		AtomicLong processed = new AtomicLong(-1);
		try (Subscription subscription = this.client.subscribe("stress")
			.partition(partition)
			.from(StartPosition.earliest())
			.handler((message) -> {
				all.add(message);
				processed.set(message.processedOffset());
			})
			.start()) {
			await().atMost(VERY_LONG).until(() -> processed.get() == stored.newest());
		}
		return all;
	}

}
