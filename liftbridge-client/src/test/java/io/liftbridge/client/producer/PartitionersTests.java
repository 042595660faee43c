package io.liftbridge.client.producer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.UnroutableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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

	/**
	 * Computed apart from this code, which agrees with the published hashes of seed 0.
	 */
	@ParameterizedTest
	@CsvFileSource(resources = "/murmur3-vectors.csv", numLinesToSkip = 1)
	void hashesKeysAsRabbitMqDoes(String key, long hash, int ofThree, int ofSeven, int ofMany) {
		Message message = Message.of((key != null) ? key : "", new byte[0]);
		Partitioner murmur3 = Partitioners.murmur3();
		assertThat(List.of(murmur3.partition(message, 3), murmur3.partition(message, 7), murmur3.partition(message, 64),
				murmur3.partition(message, 1)))
			.containsExactly(ofThree, ofSeven, ofMany, 0);
		byte[] bytes = (message.key() != null) ? message.key() : new byte[0];
		assertThat(Integer.toUnsignedLong(Murmur3.hash(bytes, 104_729))).isEqualTo(hash);
	}

	@ParameterizedTest
	@CsvSource({ "hello, 248bfa47", "'hello, world', 149bbb7f",
			"The quick brown fox jumps over the lazy dog, 2e4ff723" })
	void computesThePublishedHashes(String text, String hash) {
		assertThat(Integer.toHexString(Murmur3.hash(text.getBytes(StandardCharsets.UTF_8), 0))).isEqualTo(hash);
	}

	@Test
	void staysWithAPartitionForAWhile() {
		Partitioner partitioner = Partitioners.sticky(3);
		Message plain = Message.of(new byte[0]);
		assertThat(IntStream.range(0, 8).map((i) -> partitioner.partition(plain, 2))).containsExactly(0, 0, 0, 1, 1, 1,
				0, 0);
		assertThat(partitioner.partition(Message.of("key", "v"), 4)).as("by hash").isEqualTo(1);
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Partitioners.sticky(0))
			.withMessageContaining("0 messages");
	}

	@Test
	void putsNumbersInBins() {
		Partitioner partitioner = Partitioners.range((message) -> message.value()[0], 10, 20.5);
		assertThat(Stream.of(-5, 9, 10, 20, 21, 100)
			.map((n) -> partitioner.partition(Message.of(new byte[] { n.byteValue() }), 3)))
			.containsExactly(0, 0, 1, 1, 2, 2);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Partitioners.range((message) -> 1, 2, 2))
			.withMessageContaining("[2.0, 2.0]");
		assertThatExceptionOfType(UnroutableException.class)
			.isThrownBy(() -> Partitioners.range((message) -> Double.NaN, 2).partition(Message.of(new byte[0]), 2))
			.withMessageContaining("NaN");
	}

	@Test
	void looksKeysUpInATable() {
		Map<String, Integer> routes = Map.of("eu", 0, "us", 1);
		Partitioner strict = Partitioners.routing(routes, Unroutable.FAIL);
		assertThat(List.of(strict.partition(Message.of("us", "v"), 2), strict.partition(Message.of("eu", "v"), 2)))
			.containsExactly(1, 0);
		assertThatExceptionOfType(UnroutableException.class)
			.isThrownBy(() -> strict.partition(Message.of("asia", "v"), 2))
			.withMessageContaining("'asia'")
			.withMessageContaining("eu, us");
		assertThat(Partitioners.routing(routes, Unroutable.DROP).partition(Message.of(new byte[0]), 2))
			.isEqualTo(Partitioner.DROP);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Partitioners.routing(Map.of(), Unroutable.FAIL));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> Partitioners.routing(Map.of("eu", -1), Unroutable.FAIL))
			.withMessageContaining("'eu'")
			.withMessageContaining("-1");
	}

	@Test
	void mayLeaveTheChoiceToTheMessage() {
		assertThatExceptionOfType(UnroutableException.class)
			.isThrownBy(() -> Partitioners.explicit().partition(Message.of("k", "v"), 2))
			.withMessageContaining("Message.Builder.partition");
	}

}
