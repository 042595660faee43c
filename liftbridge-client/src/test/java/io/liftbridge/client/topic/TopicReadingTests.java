package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.StringValue;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.message.UnreadableEventException;
import io.liftbridge.client.topic.DataSelector.Selection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

class TopicReadingTests extends FakeClusterTest {

	@Test
	void readsEventsInEachWay() throws Exception {
		Topic<Order> topic = orders();
		try (TopicProducer<Order> producer = topic.producer().build()) {
			for (int i = 0; i < 4; i++) {
				producer.send("k", new Order("o" + i, i));
			}
		}
		try (TopicConsumer<Order> consumer = all(topic).open()) {
			List<ReceivedMessage<Order>> first = consumer.poll(LONG);
			assertThat(first.get(0).value()).isEqualTo(new Order("o0", 0));
			assertThat(first.get(0).keyText()).isEqualTo("k");
		}
		List<String> ids = new ArrayList<>();
		for (ReceivedMessage<Order> message : all(topic)) {
			ids.add(message.value().id());
		}
		assertThat(ids).containsExactly("o0", "o1", "o2", "o3");
		try (TopicConsumer<Order> consumer = all(topic).open()) {
			assertThat(consumer.stream().mapToInt((message) -> message.value().amount()).sum()).isEqualTo(6);
			assertThat(consumer.isEnded()).isTrue();
			assertThat(consumer.lastProcessed(0)).isEqualTo(3);
		}
		List<Order> received = new CopyOnWriteArrayList<>();
		Subscription subscription = topic.subscribe((message) -> received.add(message.value()))
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.start();
		subscription.ended().get(LONG.toSeconds(), TimeUnit.SECONDS);
		assertThat(received).hasSize(4);
	}

	@Test
	void aMessageThatCannotBeReadIsToldAndPassed() {
		this.orders.append("{\"id\": \"a\", \"amount\": 1}");
		this.orders.append("rubbish");
		this.orders.append("{\"id\": \"b\", \"amount\": 2}");
		try (TopicConsumer<Order> consumer = all(orders()).open()) {
			List<String> told = new ArrayList<>();
			while (!consumer.isEnded()) {
				try {
					consumer.poll(LONG).forEach((message) -> told.add(message.value().id()));
				}
				catch (UnreadableEventException ex) {
					assertThat(ex).hasMessageContaining("'orders' partition 0 offset 1 cannot be read as Order");
					told.add("bad " + raw(ex).text());
					assertThat(consumer.lastProcessed(0)).isGreaterThanOrEqualTo(1);
				}
			}
			assertThat(told).containsExactly("a", "bad rubbish", "b");
		}
		try (TopicConsumer<Order> consumer = all(orders()).open()) {
			Iterator<ReceivedMessage<Order>> events = consumer.iterator();
			assertThat(events.next().value().id()).isEqualTo("a");
			assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(events::next);
			assertThat(events.next().value().id()).isEqualTo("b");
			assertThat(events.hasNext()).isFalse();
		}
		List<Long> skipped = new ArrayList<>();
		List<String> ids = new ArrayList<>();
		try (TopicConsumer<Order> consumer = all(orders()).onUnreadable((ex) -> skipped.add(raw(ex).offset())).open()) {
			consumer.forEach((message) -> ids.add(message.value().id()));
		}
		assertThat(ids).containsExactly("a", "b");
		assertThat(skipped).containsExactly(1L);
	}

	@Test
	void whatFailsWhenItIsToldOfAnUnreadableMessageLosesNoOthers() {
		this.orders.append("{\"id\": \"a\", \"amount\": 1}");
		this.orders.append("rubbish");
		this.orders.append("{\"id\": \"b\", \"amount\": 2}");
		List<String> told = new ArrayList<>();
		try (TopicConsumer<Order> consumer = all(orders()).onUnreadable((ex) -> {
			throw new IllegalStateException("broken");
		}).open()) {
			while (!consumer.isEnded()) {
				try {
					consumer.poll(LONG).forEach((message) -> told.add(message.value().id()));
				}
				catch (IllegalStateException ex) {
					told.add(ex.getMessage());
				}
			}
		}
		assertThat(told).containsExactly("a", "broken", "b");
	}

	@Test
	void waitsForEventsAlthoughAnUnreadableMessageComesFirst() {
		this.orders.append("rubbish");
		List<UnreadableEventException> told = new CopyOnWriteArrayList<>();
		try (TopicConsumer<Order> consumer = orders().consumer()
			.from(StartPosition.earliest())
			.onUnreadable(told::add)
			.open()) {
			CompletableFuture<List<ReceivedMessage<Order>>> polled = CompletableFuture
				.supplyAsync(() -> consumer.poll(LONG));
			await().atMost(LONG).until(() -> told.size() == 1);
			this.orders.append("{\"id\": \"a\", \"amount\": 1}");
			assertThat(get(polled)).extracting((message) -> message.value().id()).containsExactly("a");
		}
	}

	@Test
	void aSubscriptionEndsWithWhatItCannotRead() {
		this.orders.append("rubbish");
		Subscription subscription = orders().subscribe((message) -> {
		}).from(StartPosition.earliest()).start();
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> subscription.ended().get(LONG.toSeconds(), TimeUnit.SECONDS))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("UnreadableEvent"));
	}

	@Test
	void takesOnlyTheDataThatIsSelected() {
		Topic<Event> topic = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.events()));
		try (TopicProducer<Event> producer = topic.producer().build()) {
			for (String wanted : List.of("all", "none", "range")) {
				producer.send(Metadata.of(wanted), Data.ofText("0123456789"));
			}
			producer.send(Metadata.of("range"), Data.ofText("01234"));
		}
		Topic<Event> narrow = topic.select((metadata) -> switch (metadata.text()) {
			case "all" -> Selection.ALL;
			case "none" -> Selection.NONE;
			default -> Selection.range(3, 4);
		});
		try (TopicConsumer<Event> consumer = all(narrow).open()) {
			assertThat(consumer.stream()
				.map((message) -> message.value().metadata().text() + ":" + message.value().data().text()))
				.containsExactly("all:0123456789", "none:", "range:3456", "range:34");
		}
		assertThat(Selection.range(20, 5).of(Data.ofText("abc"))).isEqualTo(Data.empty());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> Selection.range(-1, 5));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> orders().select((metadata) -> Selection.ALL))
			.withMessageContaining("Order");
	}

	@Test
	void aSelectorThatFailsIsNamed() {
		Topic<Event> topic = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.events()));
		try (TopicProducer<Event> producer = topic.producer().build()) {
			producer.send(Metadata.of("m"), Data.ofText("0123456789"));
		}
		assertThatExceptionOfType(UnreadableEventException.class).isThrownBy(() -> all(topic.select((metadata) -> {
			throw new IllegalStateException("sel");
		})).open().poll(LONG))
			.withMessageContaining("the data selector failed (java.lang.IllegalStateException: sel)")
			.withRootCauseInstanceOf(IllegalStateException.class);
		assertThatExceptionOfType(UnreadableEventException.class)
			.isThrownBy(() -> all(topic.select((metadata) -> null)).open().poll(LONG))
			.withMessageContaining("the data selector failed: it returned null");
	}

	@Test
	void whatIsNullIsNamed() {
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> TopicDefinition.of("orders", null))
			.withMessage("The serializer of topic 'orders' is null.");
		Topic<Event> topic = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.events()));
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> topic.producer().ordering(null))
			.withMessageContaining("Option ordering of a producer for topic 'orders' is null");
		try (TopicProducer<Event> producer = topic.producer().build()) {
			assertThatNullPointerException().isThrownBy(() -> producer.send((Metadata) null, Data.empty()))
				.withMessageContaining("metadata of an event is null");
			assertThatNullPointerException().isThrownBy(() -> producer.send(Metadata.of("m"), (Data) null))
				.withMessageContaining("data of an event is null");
			assertThatExceptionOfType(InvalidRequestException.class)
				.isThrownBy(() -> producer.sendAndWait(Event.of(Metadata.of("m")), Duration.ZERO))
				.withMessageContaining("sendAndWait to topic 'orders' has a timeout of 0 s");
		}
	}

	@Test
	void eachSerializerReadsWhatItWrites() throws Exception {
		assertThat(roundTrip(EventSerializers.text(), "héllo")).isEqualTo("héllo");
		assertThat(roundTrip(EventSerializers.bytes(), new byte[] { 1, 2 })).containsExactly(1, 2);
		assertThat(roundTrip(EventSerializers.data(), Data.of(new byte[] { 1 }, new byte[] { 2 })))
			.isEqualTo(Data.of(new byte[] { 1, 2 }));
		assertThat(roundTrip(EventSerializers.json(Order.class), new Order("a", 1))).isEqualTo(new Order("a", 1));
		assertThat(roundTrip(EventSerializers.protobuf(StringValue.class), StringValue.of("x")))
			.isEqualTo(StringValue.of("x"));
		Event event = new Event(Metadata.of("m"), Data.ofText("d"));
		assertThat(roundTrip(EventSerializers.events(), event)).isEqualTo(event);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> EventSerializers.protobuf(com.google.protobuf.MessageLite.class))
			.withMessageContaining("MessageLite");
	}

	private static <T> T roundTrip(EventSerializer<T> serializer, T event) throws Exception {
		Message.Builder builder = Message.builder();
		serializer.serialize(event, builder);
		Message message = builder.build();
		return serializer.deserialize(ReceivedMessage.of("s", 0, 0, 0, null, message.value(), message.headers(), "s"));
	}

	private static ReceivedMessage<byte[]> raw(UnreadableEventException ex) {
		ReceivedMessage<byte[]> raw = ex.raw();
		return (raw != null) ? raw : ReceivedMessage.of("none", 0, -1, 0, null, new byte[0], Headers.empty(), "");
	}

	private static <T> TopicConsumerBuilder<T> all(Topic<T> topic) {
		return topic.consumer().from(StartPosition.earliest()).until(StopPosition.latest());
	}

	private Topic<Order> orders() {
		return this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.json(Order.class)));
	}

	record Order(String id, int amount) {
	}

}
