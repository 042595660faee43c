package io.liftbridge.client.producer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import static org.assertj.core.api.Assertions.assertThat;

class PartitionersTests {

	/** What go-liftbridge computes; an empty field is an empty key. */
	@ParameterizedTest
	@CsvFileSource(resources = "/partitioner-vectors.csv", numLinesToSkip = 1)
	void hashesKeysAsTheGoClientDoes(String key, int partitions, int expected) {
		Message message = Message.of((key != null) ? key : "", new byte[0]);
		assertThat(Partitioners.keyHash().partition(message, partitions)).isEqualTo(expected);
		if (message.key() != null) {
			assertThat(Partitioners.keyHashOrRoundRobin().partition(message, partitions)).isEqualTo(expected);
		}
	}

	@Test
	void takesTheHashAsUnsigned() {
		IntStream.range(0, 1000)
			.forEach((i) -> assertThat(Partitioners.keyHash().partition(Message.of("k" + i, "v"), 7)).isBetween(0, 6));
	}

	@Test
	void sendsMessagesWithoutKeyToTheFirstPartition() {
		assertThat(Partitioners.keyHash().partition(Message.of(new byte[] { 1 }), 5)).isZero();
	}

	@Test
	void takesPartitionsInTurn() {
		Partitioner partitioner = Partitioners.roundRobin();
		Message message = Message.of("same key", "v");
		assertThat(IntStream.range(0, 7).map((i) -> partitioner.partition(message, 3))).containsExactly(0, 1, 2, 0, 1,
				2, 0);
		assertThat(Partitioners.roundRobin().partition(message, 3)).as("each has its own count").isZero();
	}

	@Test
	void takesPartitionsInTurnOnlyForMessagesWithoutKey() {
		Partitioner partitioner = Partitioners.keyHashOrRoundRobin();
		Message keyed = Message.of("key", "v");
		Message plain = Message.of(new byte[0]);
		assertThat(List.of(partitioner.partition(plain, 4), partitioner.partition(keyed, 4),
				partitioner.partition(plain, 4), partitioner.partition(keyed, 4), partitioner.partition(plain, 4)))
			.containsExactly(0, 1, 1, 1, 2);
	}

	@Test
	void spreadsEvenlyFromManyThreads() throws InterruptedException {
		Partitioner partitioner = Partitioners.roundRobin();
		ConcurrentLinkedQueue<Integer> chosen = new ConcurrentLinkedQueue<>();
		List<Thread> threads = IntStream.range(0, 4).mapToObj((t) -> new Thread(() -> {
			for (int i = 0; i < 300; i++) {
				chosen.add(partitioner.partition(Message.of(new byte[0]), 3));
			}
		})).toList();
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		Set<Integer> partitions = new TreeSet<>(chosen);
		assertThat(partitions).containsExactly(0, 1, 2);
		assertThat(chosen.stream().filter((p) -> p == 0)).hasSize(400);
	}

}
