package io.liftbridge.test.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.cluster.BrokerStatus;
import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.stream.StreamSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a client must come through when its only broker dies and comes back on the same
 * port.
 */
abstract class RestartScenarios {

	private static final Duration LONG = Duration.ofSeconds(40);

	private LiftbridgeClient client;

	private ScenarioBroker broker;

	abstract ScenarioBroker startBroker();

	@BeforeEach
	void start() {
		this.broker = startBroker();
		this.client = LiftbridgeClient.builder().seeds(this.broker.address()).build();
	}

	@AfterEach
	void stop() {
		if (this.client != null) {
			this.client.close();
		}
		if (this.broker != null) {
			this.broker.close();
		}
	}

	@Test
	void nothingAcknowledgedIsLostAndTheSubscriptionSeesEachOffsetOnce() throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named("orders"));
		List<ReceivedMessage<byte[]>> received = new CopyOnWriteArrayList<>();
		Set<String> acknowledged = ConcurrentHashMap.newKeySet();
		List<Throwable> failures = new CopyOnWriteArrayList<>();
		AtomicInteger sent = new AtomicInteger();
		AtomicBoolean running = new AtomicBoolean(true);
		try (Subscription subscription = this.client.subscribe("orders")
			.from(StartPosition.earliest())
			.handler(received::add)
			.start(); Producer producer = this.client.producer("orders").maxInFlight(200).build()) {
			Thread sender = new Thread(() -> {
				while (running.get()) {
					String text = Integer.toString(sent.getAndIncrement());
					producer.send(Message.of("k", text)).whenComplete((ack, failure) -> {
						if (failure != null) {
							failures.add(failure);
						}
						else {
							acknowledged.add(text);
						}
					});
				}
			});
			sender.start();
			await().atMost(LONG).until(() -> acknowledged.size() > 2000);

			this.broker.crash();
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(this.client.brokers()).singleElement()
					.satisfies((broker) -> assertThat(broker.state()).isEqualTo(BrokerStatus.State.DOWN)));
			await().atMost(LONG).until(() -> !subscription.isLive());
			this.broker.restart();

			int before = acknowledged.size();
			await().atMost(LONG).until(() -> acknowledged.size() > before + 2000);
			running.set(false);
			sender.join();
			producer.flush();
			assertThat(failures).isEmpty();
			assertThat(acknowledged).hasSize(sent.get());
			await().atMost(LONG).until(() -> texts(received).containsAll(acknowledged));
			assertThat(this.client.brokers()).singleElement()
				.satisfies((broker) -> assertThat(broker.state()).isEqualTo(BrokerStatus.State.UP));
		}
		List<Long> offsets = received.stream().map(ReceivedMessage::offset).toList();
		assertThat(offsets).isEqualTo(offsets.stream().sorted().distinct().toList());
		assertThat(offsets.get(offsets.size() - 1)).isEqualTo(offsets.size() - 1L);
		List<Integer> firsts = new ArrayList<>(texts(received).stream().map(Integer::valueOf).toList());
		assertThat(firsts).as("each message's first copy, in the order of sending").isSorted();
	}

	@Test
	void aSubscriptionToNewMessagesThatSawNoneMissesNone() throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named("orders"));
		try (Producer producer = this.client.producer("orders").build()) {
			producer.sendAndWait(Message.of("k", "old"), LONG);
			List<String> received = Collections.synchronizedList(new ArrayList<>());
			try (Subscription subscription = this.client.subscribe("orders")
				.handler((message) -> received.add(message.text()))
				.start()) {
				subscription.started().get();
				this.broker.crash();
				this.broker.restart();
				producer.sendAndWait(Message.of("k", "new"), LONG);
				await().atMost(LONG).until(() -> !received.isEmpty());
				assertThat(received).startsWith("new").doesNotContain("old");
			}
		}
	}

	@Test
	void aSubscriptionToTheLatestMessageOfAPausedPartitionMissesNone() throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named("orders"));
		try (Producer producer = this.client.producer("orders").build()) {
			producer.sendAndWait(Message.of("k", "old"), LONG);
			producer.sendAndWait(Message.of("k", "latest"), LONG);
			this.client.streams().pause("orders", false);
			List<String> received = Collections.synchronizedList(new ArrayList<>());
			try (Subscription subscription = this.client.subscribe("orders")
				.from(StartPosition.latest())
				.resumePaused(true)
				.handler((message) -> received.add(message.text()))
				.start()) {
				subscription.started().get(LONG.toSeconds(), TimeUnit.SECONDS);
				this.broker.crash();
				this.broker.restart();
				producer.sendAndWait(Message.of("k", "new"), LONG);
				await().atMost(LONG).until(() -> received.contains("new"));
				assertThat(received).startsWith("latest", "new").doesNotContain("old");
			}
		}
	}

	@Test
	void aConsumerGoesOnWhereItWasAndEndsAtItsStop() throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named("orders"));
		try (Producer producer = this.client.producer("orders").build();
				Consumer consumer = this.client.consumer("orders")
					.from(StartPosition.earliest())
					.until(StopPosition.offset(2))
					.open()) {
			producer.sendAndWait(Message.of("k", "a"), LONG);
			assertThat(texts(consumer.poll(LONG))).containsExactly("a");
			this.broker.crash();
			this.broker.restart();
			producer.sendAndWait(Message.of("k", "b"), LONG);
			producer.sendAndWait(Message.of("k", "c"), LONG);
			List<ReceivedMessage<byte[]>> rest = new ArrayList<>();
			consumer.forEach(rest::add);
			assertThat(rest).extracting(ReceivedMessage::offset).containsExactly(1L, 2L);
			assertThat(consumer.isEnded()).isTrue();
		}
	}

	@Test
	void callsMadeWhileTheBrokerIsAwayAreAnsweredWhenItIsBack() throws Exception {
		this.client.streams().createIfAbsent(StreamSpec.named("orders"));
		CursorStore cursors = this.client.cursors();
		cursors.set("reader", "orders", 0, 41);
		this.broker.crash();
		var position = cursors.findAsync("reader", "orders", 0);
		try (Producer producer = this.client.producer("orders").build()) {
			this.broker.restart();
			assertThat(position.get()).hasValue(41);
			assertThat(producer.sendAndWait(Message.of("k", "v"), LONG).offset()).isZero();
			assertThat(this.client.streams().describePartition("orders", 0).newestOffset()).isZero();
			assertThat(this.client.streams().createIfAbsent(StreamSpec.named("more"))).isTrue();
		}
	}

	private static Set<String> texts(List<ReceivedMessage<byte[]>> messages) {
		Set<String> texts = new LinkedHashSet<>();
		messages.forEach((message) -> texts.add(new String(message.value(), StandardCharsets.UTF_8)));
		return texts;
	}

}
