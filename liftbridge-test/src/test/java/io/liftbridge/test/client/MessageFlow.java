package io.liftbridge.test.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Messages that are published and read all the time, all replicas acknowledging.
 */
final class MessageFlow {

	private static final Duration LONG = Duration.ofSeconds(60);

	private final AtomicInteger sent = new AtomicInteger();

	private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final List<ReceivedMessage<byte[]>> received = Collections.synchronizedList(new ArrayList<>());

	private final LiftbridgeClient client;

	private final String stream;

	private final int partitions;

	MessageFlow(LiftbridgeClient client, String stream, int partitions) {
		this.client = client;
		this.stream = stream;
		this.partitions = partitions;
	}

	/**
	 * Publishes and reads during some action, and asserts that nothing was lost.
	 */
	void during(Action action) throws Exception {
		AtomicBoolean running = new AtomicBoolean(true);
		List<Subscription> subscriptions = new ArrayList<>();
		Producer producer = this.client.producer(this.stream)
			.ackPolicy(AckPolicy.ALL)
			.ackTimeout(LONG)
			.enqueueTimeout(LONG)
			.maxInFlight(100)
			.build();
		try (producer) {
			for (int partition = 0; partition < this.partitions; partition++) {
				subscriptions.add(this.client.subscribe(this.stream)
					.partition(partition)
					.from(StartPosition.earliest())
					.handler(this.received::add)
					.start());
			}
			Thread sender = new Thread(() -> {
				while (running.get()) {
					send(producer);
				}
			});
			sender.start();
			try {
				awaitAcknowledged(500);
				action.run();
			}
			finally {
				running.set(false);
				sender.join();
			}
			producer.flush();
			assertThat(this.failures).isEmpty();
			assertThat(this.acknowledged).hasSize(this.sent.get());
			await().atMost(LONG).until(() -> texts(this.received).containsAll(this.acknowledged));
			assertThat(subscriptions).allMatch(Subscription::isLive);
		}
		finally {
			subscriptions.forEach(Subscription::close);
		}
		assertOrder(this.received);
		Set<String> missing = new HashSet<>(this.acknowledged);
		missing.removeAll(stored());
		assertThat(missing).as("what a reader does not find afterwards").isEmpty();
	}

	private void send(Producer producer) {
		int number = this.sent.getAndIncrement();
		String text = Integer.toString(number);
		producer.send(Message.builder().value(text).partition(number % this.partitions).build())
			.whenComplete((ack, failure) -> {
				if (failure != null) {
					this.failures.add(failure);
				}
				else {
					this.acknowledged.add(text);
				}
			});
	}

	private Set<String> stored() {
		Set<String> texts = new LinkedHashSet<>();
		for (int partition = 0; partition < this.partitions; partition++) {
			texts.addAll(texts(this.client.reader()
				.read(this.stream, partition, StartPosition.earliest(), Integer.MAX_VALUE, LONG)));
		}
		return texts;
	}

	private void assertOrder(List<ReceivedMessage<byte[]>> messages) {
		for (int partition = 0; partition < this.partitions; partition++) {
			int number = partition;
			List<ReceivedMessage<byte[]>> own = messages.stream().filter((m) -> m.partition() == number).toList();
			List<Long> offsets = own.stream().map(ReceivedMessage::offset).toList();
			assertThat(offsets).as("each offset once").isEqualTo(offsets.stream().sorted().distinct().toList());
			assertThat(texts(own).stream().map(Integer::valueOf).toList())
				.as("each message's first copy, in the order of sending")
				.isSorted();
		}
	}

	void awaitAcknowledged(int more) {
		int before = this.acknowledged.size();
		await().atMost(LONG).until(() -> this.acknowledged.size() > before + more || !this.failures.isEmpty());
		assertThat(this.failures).isEmpty();
	}

	private static Set<String> texts(List<ReceivedMessage<byte[]>> messages) {
		Set<String> texts = new LinkedHashSet<>();
		synchronized (messages) {
			messages.forEach((message) -> texts.add(message.text()));
		}
		return texts;
	}

	interface Action {

		void run() throws Exception;

	}

}
