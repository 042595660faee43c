package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.EnqueueTimeoutException;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.UnroutableException;
import io.liftbridge.client.producer.Ordering;
import io.liftbridge.client.producer.Unroutable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class TopicProducerTests extends FakeClusterTest {

	private final ExecutorService threads = Executors.newFixedThreadPool(4);

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void release() {
		this.released.countDown();
		this.threads.shutdownNow();
	}

	@Test
	void sendsWhatTheSerializerMakes() {
		Topic<Order> topic = this.client.topic("orders", TopicDefinition.of("any", EventSerializers.json(Order.class)));
		try (TopicProducer<Order> producer = topic.producer().build()) {
			assertThat(get(producer.send("k", new Order("a", 1))).offset()).isZero();
			assertThat(producer.sendAndWait(new Order("b", 2), LONG).offset()).isEqualTo(1);
			assertThat(producer.trySend(new Order("c", 3))).hasValueSatisfying((sent) -> get(sent));
			assertThat(producer.topic()).isEqualTo("orders");
		}
		assertThat(this.orders.values()).containsExactly("{\"id\":\"a\",\"amount\":1}", "{\"id\":\"b\",\"amount\":2}",
				"{\"id\":\"c\",\"amount\":3}");
	}

	@Test
	void sendsNothingThatTheValidatorRefuses() {
		List<String> told = new CopyOnWriteArrayList<>();
		Topic<Order> topic = this.client.topic("orders",
				TopicDefinition.of("orders", EventSerializers.json(Order.class))
					.validator(EventPatternValidator.of("{\"amount\": [{\"numeric\": [\">\", 0]}]}")));
		try (TopicProducer<Order> producer = topic.producer()
			.onFailure((order, failure) -> told.add(order.id() + " " + failure.outcome()))
			.build()) {
			CompletableFuture<Ack> bad = producer.send(new Order("bad", -1));
			CompletableFuture<Ack> good = producer.send(new Order("good", 1));
			assertThat(failure(bad)).isInstanceOfSatisfying(InvalidEventException.class, (ex) -> {
				assertThat(ex.path()).isEqualTo("$.amount");
				assertThat(ex).hasMessageContaining("'orders'")
					.hasMessageContaining("refused by its validator at $.amount: -1");
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT);
			});
			assertThat(get(good).offset()).isZero();
			assertThatExceptionOfType(InvalidEventException.class)
				.isThrownBy(() -> producer.sendAndWait(new Order("worse", -2), LONG));
			producer.flush();
			assertThat(producer.inFlight()).isZero();
		}
		assertThat(told).containsExactly("bad NOT_SENT", "worse NOT_SENT");
		assertThat(this.orders.values()).hasSize(1);
	}

	@Test
	void aSerializerThatFailsFailsThatEventOnly() {
		EventSerializer<String> picky = new PlainSerializer<>("picky", String.class, (text, message) -> {
			if (text.isEmpty()) {
				throw new IllegalStateException("nothing to write");
			}
			message.value(text);
		}, (message) -> message.text());
		try (TopicProducer<String> producer = topic(picky).producer().build()) {
			CompletableFuture<Ack> first = producer.send("a");
			CompletableFuture<Ack> broken = producer.send("");
			CompletableFuture<Ack> last = producer.send("b");
			assertThat(failure(broken)).isInstanceOf(InvalidEventException.class)
				.hasMessageContaining("could not be serialized")
				.hasMessageContaining("nothing to write");
			getAll(List.of(first, last));
		}
		assertThat(this.orders.values()).containsExactly("a", "b");
	}

	@Test
	void refusesNull() {
		try (TopicProducer<String> producer = topic(EventSerializers.text()).producer().build()) {
			String nothing = Map.<String, String>of().get("nothing");
			assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> producer.send(nothing))
				.withMessageContaining("null");
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> producer.send(Metadata.empty(), Data.empty()))
				.withMessageContaining("carries java.lang.String");
			assertThat(producer.inFlight()).isZero();
		}
	}

	@Test
	void metadataTravelsBesideTheData() {
		Topic<Event> topic = topic(EventSerializers.events());
		try (TopicProducer<Event> producer = topic.producer().build()) {
			get(producer.send(Metadata.of("{\"kind\": 1}"), Data.of(new byte[] { 'a' }, new byte[] { 'b' })));
		}
		assertThat(this.orders.values()).containsExactly("ab");
	}

	@Test
	void choosesPartitionsByTheTopicsSelector() {
		List<FakePartition> wide = this.cluster.stream("wide", 3);
		Topic<Order> topic = this.client.topic("wide", TopicDefinition.of("wide", EventSerializers.json(Order.class))
			.selector(TopicSelectors.range("/amount", 10, 20)));
		try (TopicProducer<Order> producer = topic.producer().build()) {
			for (int amount : new int[] { 5, 15, 25, 20 }) {
				producer.send(new Order("o", amount));
			}
			producer.flush();
		}
		assertThat(wide).extracting((partition) -> partition.values().size()).containsExactly(1, 1, 2);
		Topic<Event> routed = this.client.topic("wide", TopicDefinition.of("wide", EventSerializers.events())
			.selector(TopicSelectors.routing(Map.of("eu", 1), Unroutable.DROP)));
		try (TopicProducer<Event> producer = routed.producer().build()) {
			Event event = Event.of(Metadata.of("m"));
			assertThat(get(producer.send("eu", event)).partition()).isEqualTo(1);
			assertThat(failure(producer.send("us", event))).isInstanceOf(UnroutableException.class);
			assertThat(get(producer.send(event, (message) -> message.partition(2))).partition()).isEqualTo(2);
		}
	}

	@Test
	void strictOrderSurvivesSlowAndFailingValidators() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		Topic<String> topic = this.client.topic("orders",
				TopicDefinition.of("orders", EventSerializers.text()).validator((text) -> {
					if (text.equals("slow")) {
						slow.await();
					}
					if (text.equals("bad")) {
						throw new InvalidEventException("$", "bad");
					}
				}));
		try (TopicProducer<String> producer = topic.producer().executor(this.threads).build()) {
			List<CompletableFuture<Ack>> sent = new ArrayList<>();
			for (String text : List.of("a", "slow", "bad", "b", "c")) {
				sent.add(producer.send(text));
			}
			assertThat(failure(sent.get(2))).isInstanceOf(InvalidEventException.class);
			assertThat(sent.get(3)).isNotDone();
			slow.countDown();
			getAll(List.of(sent.get(0), sent.get(1), sent.get(3), sent.get(4)));
		}
		assertThat(this.orders.values()).containsExactly("a", "slow", "b", "c");
	}

	@Test
	void looseOrderLetsOthersOvertake() throws Exception {
		CountDownLatch slow = new CountDownLatch(1);
		Topic<String> topic = this.client.topic("orders",
				TopicDefinition.of("orders", EventSerializers.text()).validator((text) -> {
					if (text.equals("slow")) {
						slow.await();
					}
				}));
		try (TopicProducer<String> producer = topic.producer()
			.executor(this.threads)
			.ordering(Ordering.LOOSE)
			.build()) {
			CompletableFuture<Ack> first = producer.send("slow");
			get(producer.send("quick"));
			assertThat(first).isNotDone();
			slow.countDown();
			get(first);
		}
		assertThat(this.orders.values()).containsExactly("quick", "slow");
	}

	@Test
	void sendWaitsForRoomAndTrySendDoesNot() {
		get(this.client.connect());
		try (TopicProducer<String> producer = blocked().producer()
			.maxInFlight(2)
			.enqueueTimeout(Duration.ofMillis(50))
			.build()) {
			CompletableFuture<Ack> first = producer.send("a");
			assertThat(producer.trySend("b")).isPresent();
			assertThat(producer.trySend("c")).isEmpty();
			assertThatExceptionOfType(EnqueueTimeoutException.class).isThrownBy(() -> producer.send("c"))
				.withMessageContaining("'orders'")
				.withMessageContaining("2 are without an outcome");
			this.released.countDown();
			get(first);
			producer.flush();
			assertThat(producer.trySend("d")).isPresent();
		}
		assertThat(this.orders.values()).containsExactly("a", "b", "d");
	}

	@Test
	void eventsDoNotWaitForABrokerOneAfterTheOther() {
		client(builder().seeds("127.0.0.1:1"));
		try (TopicProducer<String> producer = topic(EventSerializers.text()).producer()
			.enqueueTimeout(Duration.ofMillis(300))
			.build()) {
			List<CompletableFuture<Ack>> sent = new ArrayList<>();
			for (int i = 0; i < 400; i++) {
				sent.add(producer.send("v" + i));
			}
			sent.forEach((one) -> assertThat(failure(one)).isInstanceOf(BrokerUnavailableException.class));
		}
	}

	@Test
	void callbacksMaySendAtTheBound() {
		try (TopicProducer<String> producer = topic(EventSerializers.text()).producer()
			.maxInFlight(1)
			.enqueueTimeout(Duration.ofMinutes(5))
			.build()) {
			CompletableFuture<Ack> chain = producer.send("a")
				.thenCompose((ack) -> CompletableFuture.allOf(producer.send("b"), producer.send("c"))
					.thenApply((done) -> ack));
			get(chain);
		}
		assertThat(this.orders.values()).containsExactly("a", "b", "c");
	}

	@Test
	void flushWaitsForValidatorsToo() throws Exception {
		try (TopicProducer<String> producer = blocked().producer().build()) {
			CompletableFuture<Ack> sent = producer.send("a");
			assertThat(producer.flush(Duration.ofMillis(50))).isFalse();
			CompletableFuture<Void> flushed = CompletableFuture.runAsync(producer::flush);
			this.released.countDown();
			flushed.get(LONG.toSeconds(), TimeUnit.SECONDS);
			assertThat(sent).isCompleted();
		}
	}

	@Test
	void closeDrainsAndThenFailsTheRest() {
		TopicProducer<String> producer = blocked().producer().build();
		List<CompletableFuture<Ack>> sent = List.of(producer.send("a"), producer.send("b"));
		producer.close(Duration.ofMillis(100));
		sent.forEach((one) -> assertThat(failure(one).outcome()).isEqualTo(Outcome.NOT_SENT));
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.send("c"))
			.withMessageContaining("'orders'");
		producer.close();
		assertThat(this.orders.values()).isEmpty();
		this.released.countDown();
		TopicProducer<String> draining = topic(EventSerializers.text()).producer().build();
		CompletableFuture<Ack> last = draining.send("last");
		draining.close();
		assertThat(last).isCompleted();
	}

	@Test
	void theClientClosesItsTopics() {
		TopicProducer<String> producer = topic(EventSerializers.text()).producer().build();
		CompletableFuture<Ack> sent = producer.send("a");
		this.client.close();
		assertThat(sent).isCompleted();
		assertThatExceptionOfType(ClientClosedException.class).isThrownBy(() -> producer.send("b"));
	}

	@Test
	void anExecutorThatRefusesFailsTheEvent() {
		ExecutorService gone = Executors.newSingleThreadExecutor();
		try (TopicProducer<String> producer = topic(EventSerializers.text()).producer().executor(gone).build()) {
			get(producer.send("a"));
			gone.shutdown();
			assertThat(failure(producer.send("b"))).hasMessageContaining("the executor refuses")
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_SENT));
			assertThat(producer.flush(LONG)).isTrue();
		}
	}

	@Test
	void leavesNoThreadBehind() {
		try (TopicProducer<String> producer = topic(EventSerializers.text()).producer().build()) {
			get(producer.send("a"));
		}
		await().atMost(LONG)
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.noneMatch((thread) -> thread.getName().equals("liftbridge-topic-orders")));
	}

	@Test
	void refusesSettingsThatCannotWork() {
		TopicProducerBuilder<String> builder = topic(EventSerializers.text()).producer();
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.maxInFlight(0))
			.withMessageContaining("maxInFlight");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> builder.enqueueTimeout(Duration.ZERO))
			.withMessageContaining("enqueueTimeout");
		TopicDefinition<String> definition = TopicDefinition.of("orders", EventSerializers.text());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> definition.partitions(0))
			.withMessageContaining("0 partitions");
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> definition.stream("a b"));
	}

	/** Its validator waits until the test releases it. */
	private Topic<String> blocked() {
		return this.client.topic("orders",
				TopicDefinition.of("orders", EventSerializers.text()).validator((text) -> this.released.await()));
	}

	private <T> Topic<T> topic(EventSerializer<T> serializer) {
		return this.client.topic("orders", TopicDefinition.of("orders", serializer));
	}

	record Order(String id, int amount) {
	}

}
