package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.grpc.Status;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class ConsumerTests extends FakeClusterTest {

	private ConsumerBuilder stored() {
		return this.client.consumer("orders").from(StartPosition.earliest());
	}

	private void store(int count) {
		for (int i = 0; i < count; i++) {
			this.orders.append("m" + (this.orders.newest() + 1));
		}
	}

	private static List<Long> offsets(List<ReceivedMessage<byte[]>> messages) {
		return messages.stream().map(ReceivedMessage::offset).toList();
	}

	private static List<Long> upTo(long end) {
		return LongStream.range(0, end).boxed().toList();
	}

	/** Polls until a number of messages has come. */
	private static List<Long> poll(Consumer consumer, int count) {
		List<Long> result = new ArrayList<>();
		while (result.size() < count) {
			List<ReceivedMessage<byte[]>> messages = consumer.poll(LONG);
			assertThat(messages).as("messages after " + result).isNotEmpty();
			result.addAll(offsets(messages));
		}
		return result;
	}

	@Test
	void pollsWhatIsStoredAndWhatFollows() {
		store(5);
		try (Consumer consumer = stored().open()) {
			assertThat(poll(consumer, 5)).isEqualTo(upTo(5));
			assertThat(consumer.poll(Duration.ofMillis(20))).isEmpty();
			assertThat(consumer.isEnded()).isFalse();
			store(2);
			assertThat(poll(consumer, 2)).containsExactly(5L, 6L);
		}
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
	}

	@Test
	void pollsNoMoreThanItsLimit() {
		store(1000);
		try (Consumer consumer = stored().maxPoll(7).open()) {
			List<Long> all = new ArrayList<>();
			while (all.size() < 1000) {
				List<ReceivedMessage<byte[]>> messages = consumer.poll(LONG);
				assertThat(messages).hasSizeBetween(1, 7);
				all.addAll(offsets(messages));
			}
			assertThat(all).isEqualTo(upTo(1000));
		}
	}

	@Test
	void waitsForTheFirstMessageOnly() {
		try (Consumer consumer = stored().open()) {
			CompletableFuture<List<ReceivedMessage<byte[]>>> polled = CompletableFuture
				.supplyAsync(() -> consumer.poll(Duration.ofSeconds(Long.MAX_VALUE)));
			await().until(() -> !this.broker.subscriberCalls().isEmpty());
			assertThat(polled).isNotDone();
			store(1);
			assertThat(offsets(get(polled))).containsExactly(0L);
		}
	}

	@Test
	void iteratesToTheEnd() {
		store(1200);
		List<Long> seen = new ArrayList<>();
		for (ReceivedMessage<byte[]> message : stored().until(StopPosition.latest())) {
			seen.add(message.offset());
		}
		assertThat(seen).isEqualTo(upTo(1200));
	}

	@Test
	void readsAllPartitionsOrThoseNamed() {
		List<FakePartition> partitions = this.cluster.stream("wide", 3);
		for (int i = 0; i < 300; i++) {
			partitions.get(i % 3).append("p" + i % 3);
		}
		ConsumerBuilder all = this.client.consumer("wide").from(StartPosition.earliest()).until(StopPosition.latest());
		List<ReceivedMessage<byte[]>> seen = new ArrayList<>();
		all.forEach(seen::add);
		assertThat(seen).hasSize(300);
		for (int i = 0; i < 3; i++) {
			int partition = i;
			assertThat(offsets(seen.stream().filter((m) -> m.partition() == partition).toList())).isEqualTo(upTo(100));
		}
		try (Stream<ReceivedMessage<byte[]>> two = all.partitions(0, 2, 2).open().stream()) {
			assertThat(two.map(ReceivedMessage::text)).hasSize(200).containsOnly("p0", "p2");
		}
		try (Stream<ReceivedMessage<byte[]>> one = all.partition(1).open().stream()) {
			assertThat(one.map(ReceivedMessage::text)).hasSize(100).containsOnly("p1");
		}
	}

	@Test
	void eachWayGoesOnWhereTheOtherStopped() {
		store(20);
		try (Consumer consumer = stored().maxPoll(4).open()) {
			Iterator<ReceivedMessage<byte[]>> first = consumer.iterator();
			assertThat(first.next().offset()).isZero();
			assertThat(offsets(consumer.poll(LONG))).first().isEqualTo(1L);
			long next = consumer.iterator().next().offset();
			assertThat(next).isBetween(2L, 5L);
			assertThat(consumer.stream().limit(3).map(ReceivedMessage::offset)).containsExactly(next + 1, next + 2,
					next + 3);
		}
	}

	@Test
	void closingEndsWhoeverWaits() {
		store(2);
		Consumer consumer = stored().open();
		AtomicInteger seen = new AtomicInteger();
		CompletableFuture<Void> iterating = CompletableFuture
			.runAsync(() -> consumer.forEach((message) -> seen.incrementAndGet()));
		await().until(() -> seen.get() == 2);
		consumer.close();
		get(iterating);
		assertThat(consumer.isEnded()).isTrue();
		assertThat(consumer.poll(LONG)).isEmpty();
		assertThat(consumer.iterator().hasNext()).isFalse();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> consumer.iterator().next());
		consumer.close();
		await().until(() -> this.broker.subscriberCalls().get(0).isEnded());
	}

	/** Or a loop would fail when somebody else closes the consumer. */
	@Test
	void aMessageThatWasFoundIsDeliveredAlthoughTheConsumerIsClosed() {
		store(2);
		Consumer consumer = stored().open();
		Iterator<ReceivedMessage<byte[]>> messages = consumer.iterator();
		assertThat(messages.hasNext()).isTrue();
		consumer.close();
		assertThat(messages.hasNext()).isTrue();
		assertThat(messages.next().offset()).isZero();
		assertThat(messages.hasNext()).isFalse();
	}

	@Test
	void aMessageThatWasFoundIsNotTakenByAnotherIterator() {
		store(1);
		try (Consumer consumer = stored().until(StopPosition.latest()).open()) {
			Iterator<ReceivedMessage<byte[]>> one = consumer.iterator();
			Iterator<ReceivedMessage<byte[]>> other = consumer.iterator();
			assertThat(one.hasNext()).isTrue();
			assertThat(other.hasNext()).isFalse();
			assertThat(one.next().offset()).isZero();
			assertThat(one.hasNext()).isFalse();
		}
	}

	@Test
	void closingAStreamClosesItsConsumer() {
		store(2);
		Consumer consumer = stored().open();
		try (Stream<ReceivedMessage<byte[]>> messages = consumer.stream()) {
			assertThat(messages.findFirst()).isPresent();
		}
		assertThat(consumer.isEnded()).isTrue();
	}

	@Test
	void givesWhatCameBeforeAFailure() {
		store(3);
		this.broker.onSubscribe((call) -> {
			call.live();
			for (int i = 0; i < 3; i++) {
				call.send(i);
			}
			call.end(Status.NOT_FOUND.withDescription("commit log was deleted"));
		});
		try (Consumer consumer = stored().open()) {
			assertThat(poll(consumer, 3)).isEqualTo(upTo(3));
			assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> consumer.poll(LONG));
			assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> consumer.iterator().hasNext());
			assertThat(consumer.isEnded()).isTrue();
		}
	}

	@Test
	void saysThatItsClientWasClosed() {
		Consumer consumer = stored().open();
		CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> consumer.iterator().hasNext());
		this.client.close();
		assertThat(failure(waiting)).isInstanceOf(ClientClosedException.class)
			.hasMessageContaining("Consumer of stream 'orders'");
	}

	@Test
	void survivesInterruptions() {
		store(3);
		try (Consumer consumer = stored().open()) {
			assertThat(poll(consumer, 3)).isEqualTo(upTo(3));
			this.broker.subscriberCalls().get(0).end(Status.UNAVAILABLE);
			store(2);
			assertThat(poll(consumer, 2)).containsExactly(3L, 4L);
		}
	}

	@Test
	void canBeInterrupted() {
		try (Consumer consumer = stored().open()) {
			CompletableFuture<Boolean> flag = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					consumer.poll(LONG.plus(LONG));
				}
				catch (LiftbridgeException ex) {
					flag.complete(Thread.currentThread().isInterrupted());
				}
			});
			thread.start();
			thread.interrupt();
			assertThat(get(flag)).isTrue();
		}
	}

	/** What nobody asks for stays with the broker. */
	@Test
	void keepsNoMoreThanItsPrefetchInMemory() {
		AtomicInteger sent = new AtomicInteger();
		this.broker.onSubscribe((call) -> {
			call.live();
			call.onReady(() -> {
				while (call.isReady() && sent.get() < 500) {
					call.send(sent.getAndIncrement(), "v".repeat(100_000));
				}
			});
		});
		try (Consumer consumer = stored().prefetch(10).maxPoll(5).open()) {
			assertThat(consumer.poll(LONG)).isNotEmpty();
			// About 84 of these fit into the window of the network.
			await().during(Duration.ofMillis(300)).until(() -> sent.get() < 250);
			assertThat(poll(consumer, 490)).isSorted().doesNotHaveDuplicates();
		}
	}

	@Test
	void refusesWhatCannotWork() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> stored().maxPoll(0))
			.withMessageContaining("maxPoll of stream 'orders' is 0");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> stored().partitions(0, -1))
			.withMessageContaining("Partition -1");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.consumer("orders").until(StopPosition.latest()).open());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> stored().prefetch(0).open());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> this.client.consumer("a b"));
		assertThatExceptionOfType(StreamNotFoundException.class).isThrownBy(() -> this.client.consumer("nope").open());
	}

}
