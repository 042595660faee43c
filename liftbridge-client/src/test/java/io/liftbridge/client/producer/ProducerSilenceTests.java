package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A broker that takes messages and is silent may just stand still, or may have lost them.
 */
class ProducerSilenceTests extends FakeClusterTest {

	private static final int COUNT = 500;

	private List<CompletableFuture<Ack>> send(Producer producer) {
		List<CompletableFuture<Ack>> sent = new ArrayList<>();
		for (int i = 0; i < COUNT; i++) {
			sent.add(producer.send(Message.of("k", "m" + i)));
		}
		return sent;
	}

	@Test
	void aPauseOfTheBrokerStoresOnlyTheOldestTwice() {
		AtomicBoolean silent = new AtomicBoolean();
		ConcurrentLinkedQueue<Runnable> late = new ConcurrentLinkedQueue<>();
		AtomicInteger arrived = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			arrived.incrementAndGet();
			if (silent.get()) {
				late.add(() -> call.store(request));
				// The one more is the oldest, which asks whether anybody is there.
				// Answered at once: were the pause longer, all would be sent again.
				if (late.size() == COUNT + 1) {
					silent.set(false);
					late.forEach(Runnable::run);
				}
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.of("k", "first")));
		silent.set(true);
		List<CompletableFuture<Ack>> sent = send(producer);
		sent.forEach(FakeClusterTest::get);
		get(producer.send(Message.of("k", "last")));
		assertThat(arrived.get()).isEqualTo(1 + COUNT + 1 + 1);
	}

	@Test
	void whatWasLostIsSentAgainInOrder() {
		AtomicBoolean losing = new AtomicBoolean();
		AtomicInteger lost = new AtomicInteger();
		this.broker.onPublish((request, call) -> {
			if (losing.get()) {
				lost.incrementAndGet();
			}
			else {
				call.store(request);
			}
		});
		Producer producer = this.client.producer("orders").build();
		get(producer.send(Message.of("k", "first")));
		losing.set(true);
		List<CompletableFuture<Ack>> sent = send(producer);
		await().until(() -> lost.get() >= COUNT);
		losing.set(false);
		sent.forEach((future) -> assertThat(future).succeedsWithin(Duration.ofSeconds(15)));
		List<String> values = this.orders.values();
		assertThat(values.subList(1, values.size()).stream().distinct().toList())
			.isEqualTo(IntStream.range(0, COUNT).mapToObj((i) -> "m" + i).toList());
	}

}
