package io.liftbridge.client.topic;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.producer.Partitioners;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many threads validate, at random speed and with random failures; many threads send.
 */
class TopicOrderStressTests extends FakeClusterTest {

	private static final int SENDERS = 4;

	private static final int EVENTS = 3_000;

	@Test
	void strictOrderHoldsForEachSenderAndPartition() throws Exception {
		List<FakePartition> partitions = this.cluster.stream("wide", 3);
		ConcurrentHashMap<String, Boolean> refused = new ConcurrentHashMap<>();
		Topic<String> topic = this.client.topic("wide",
				TopicDefinition.of("wide", EventSerializers.text())
					.selector(Partitioners.keyHash())
					.validator((text) -> validate(text, refused)));
		ExecutorService validating = Executors.newFixedThreadPool(8);
		List<CompletableFuture<Ack>> sent = new ArrayList<>();
		try (TopicProducer<String> producer = topic.producer().executor(validating).maxInFlight(500).build()) {
			List<Thread> senders = new ArrayList<>();
			List<List<CompletableFuture<Ack>>> results = new ArrayList<>();
			for (int sender = 0; sender < SENDERS; sender++) {
				int id = sender;
				List<CompletableFuture<Ack>> result = new ArrayList<>();
				results.add(result);
				senders.add(new Thread(() -> {
					for (int i = 0; i < EVENTS; i++) {
						result.add(producer.send("key-" + i % 7, id + ":" + i));
					}
				}));
			}
			senders.forEach(Thread::start);
			for (Thread sender : senders) {
				sender.join();
			}
			results.forEach(sent::addAll);
			CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new))
				.exceptionally((failure) -> null)
				.get(120, TimeUnit.SECONDS);
			assertThat(producer.inFlight()).isZero();
			assertThat(producer.flush(LONG)).isTrue();
		}
		finally {
			validating.shutdownNow();
		}
		List<String> stored = partitions.stream().flatMap((partition) -> partition.values().stream()).toList();
		assertThat(refused).isNotEmpty();
		assertThat(stored).hasSize(SENDERS * EVENTS - refused.size()).doesNotHaveDuplicates();
		assertThat(stored).noneMatch(refused::containsKey);
		assertThat(sent.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSize(refused.size());
		for (FakePartition partition : partitions) {
			for (int sender = 0; sender < SENDERS; sender++) {
				String prefix = sender + ":";
				assertThat(partition.values()
					.stream()
					.filter((text) -> text.startsWith(prefix))
					.map((text) -> Integer.valueOf(text.substring(prefix.length())))).isSorted();
			}
		}
	}

	private static void validate(String text, ConcurrentHashMap<String, Boolean> refused) {
		Random random = new Random(text.hashCode());
		if (random.nextInt(50) == 0) {
			LockSupport.parkNanos(random.nextInt(300_000));
		}
		if (random.nextInt(10) == 0) {
			refused.put(text, true);
			throw new InvalidEventException("$", "at random");
		}
	}

}
