package io.liftbridge.spring.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.entry.Compression;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.AckPolicy;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.PayloadConversionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.support.MessageBuilder;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class TemplateBulkTests extends EmbeddedBrokerTest {

	private final List<String> fates = Collections.synchronizedList(new ArrayList<>());

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	private LiftbridgeTemplate template;

	@BeforeEach
	void open() {
		stream(1);
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client, List.of(), List.of(new Marker()));
		this.template = new LiftbridgeTemplate(this.client, this.producers);
	}

	@AfterEach
	void close() {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void sendsManyInOrderWithTheirPayloadBeside() {
		List<SendResult<Order>> results = new ArrayList<>();
		this.template.sendAll(this.stream, IntStream.range(0, 500).mapToObj(Order::new)).forEach(results::add);
		assertThat(results).hasSize(500);
		for (int i = 0; i < 500; i++) {
			assertThat(results.get(i).index()).isEqualTo(i);
			assertThat(results.get(i).payload()).isEqualTo(new Order(i));
			assertThat(results.get(i).ack().offset()).isEqualTo(i);
		}
	}

	@Test
	void tellsOfAPayloadThatCannotBeConvertedInItsPlace() {
		List<SendResult<Object>> results = new ArrayList<>();
		this.template.sendAll(this.stream, List.<Object>of("a", new Loop(), "b")).forEach(results::add);
		assertThat(results).extracting(SendResult::isFailed).containsExactly(false, true, false);
		assertThat(results.get(1).failure()).isInstanceOf(PayloadConversionException.class);
		assertThat(results.get(2).ack().offset()).isEqualTo(1);
	}

	@Test
	void takesNoMoreFromTheSourceThanMayBeOnItsWay() {
		AtomicInteger taken = new AtomicInteger();
		Stream<String> endless = Stream.generate(() -> "m" + taken.incrementAndGet());
		try (SendResults<String> results = this.template.sendAll(this.stream, endless).maxInFlight(7)) {
			assertThat(taken).hasValue(0);
			assertThat(results.next().payload()).isEqualTo("m1");
			assertThat(taken).hasValue(7);
			assertThat(results.next().payload()).isEqualTo("m2");
			assertThat(taken).hasValue(8);
		}
	}

	@Test
	void tellsOfASourceThatFailsAfterTheResultsOfWhatCameBefore() {
		Stream<String> failing = Stream.of("a", "b", "c").peek((text) -> {
			if (text.equals("c")) {
				throw new IllegalStateException("no more");
			}
		});
		SendResults<String> results = this.template.sendAll(this.stream, failing);
		assertThat(results.next().payload()).isEqualTo("a");
		assertThat(results.next().payload()).isEqualTo("b");
		assertThatIllegalStateException().isThrownBy(results::hasNext).withMessage("no more");
	}

	@Test
	void sendsABatchEntry() {
		List<Ack> acks = this.template.sendBatchEntry(this.stream,
				List.of(new Order(1),
						MessageBuilder.withPayload("text")
							.setHeader(LiftbridgeHeaders.KEY, "k")
							.setHeader("region", "eu")
							.build()),
				Compression.NONE)
			.join();
		assertThat(acks).extracting(Ack::offset).containsExactly(0L, 0L);
		assertThat(acks).extracting(Ack::index).containsExactly(0, 1);
		List<ReceivedMessage<byte[]>> stored = this.template.receive(this.stream, 0, StartPosition.earliest(), 10);
		assertThat(stored).extracting(ReceivedMessage::recordCount).containsExactly(2, 2);
		assertThat(stored.get(0).headers().text(LiftbridgeHeaders.CONTENT_TYPE)).isEqualTo("application/json");
		assertThat(stored.get(1).keyText()).isEqualTo("k");
		assertThat(stored.get(1).headers().text("region")).isEqualTo("eu");
	}

	@Test
	void receivesRangesByOffsetAndTime() {
		for (int i = 0; i < 10; i++) {
			this.template.send(this.stream, new Order(i)).join();
		}
		assertThat(numbers(StartPosition.offset(2), StopPosition.offset(5), 100)).containsExactly(2, 3, 4, 5);
		assertThat(numbers(StartPosition.offset(2), StopPosition.offset(5), 2)).containsExactly(2, 3);
		assertThat(numbers(StartPosition.offset(8), StopPosition.offset(50), 100)).containsExactly(8, 9);
		ReceivedMessage<byte[]> fourth = this.template.receive(this.stream, 0, 4);
		assertThat(numbers(StartPosition.earliest(), StopPosition.at(fourth.timestamp()), 100)).contains(0, 4)
			.hasSizeLessThanOrEqualTo(10);
	}

	private List<Integer> numbers(StartPosition start, StopPosition stop, int limit) {
		return this.template.receive(this.stream, 0, start, stop, limit, Order.class)
			.stream()
			.map((message) -> message.value().number())
			.toList();
	}

	@Test
	void readsAStreamOfResults() {
		this.template.sendAll(this.stream, List.<Object>of(new Order(0), "not JSON", new Order(2)))
			.forEach((result) -> {
			});
		List<Long> unreadable = new ArrayList<>();
		try (Stream<ReceivedMessage<Order>> orders = this.template.read(this.stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.as(Order.class)
			.onUnreadable((message, failure) -> unreadable.add(message.offset()))
			.stream()) {
			assertThat(orders).extracting((message) -> message.value().number()).containsExactly(0, 2);
		}
		assertThat(unreadable).containsExactly(1L);
		try (Stream<ReceivedMessage<Order>> orders = this.template.read(this.stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.as(Order.class)
			.stream()) {
			assertThatExceptionOfType(PayloadConversionException.class).isThrownBy(orders::toList);
		}
	}

	@Test
	void publishesWhatIsRead() throws InterruptedException {
		this.template.sendAll(this.stream, IntStream.range(0, 20).mapToObj(Order::new)).forEach((result) -> {
		});
		Collector collector = new Collector();
		this.template.read(this.stream)
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.filter((message) -> message.offset() % 2 == 0)
			.as(Order.class)
			.publisher()
			.subscribe(collector);
		for (int i = 0; i < 20; i += 2) {
			assertThat(collector.events.poll(20, TimeUnit.SECONDS)).isEqualTo(new Order(i));
		}
		assertThat(collector.events.poll(20, TimeUnit.SECONDS)).isEqualTo("complete");
	}

	@Test
	void oneProducerForEachOptionSet() {
		ProducerOverrides all = ProducerOverrides.NONE.ackPolicy(AckPolicy.ALL);
		assertThat(this.producers.producer(this.stream, all))
			.isSameAs(this.producers.producer(this.stream, ProducerOverrides.NONE.ackPolicy(AckPolicy.ALL)))
			.isNotSameAs(this.producers.producer(this.stream));
		assertThat(this.template.newMessage("x").stream(this.stream).options(all).send().join().policy())
			.isEqualTo(AckPolicy.ALL);
		assertThat(this.template.withOptions(all).send(this.stream, "x").join().policy()).isEqualTo(AckPolicy.ALL);
		assertThat(this.template.send(this.stream, "x").join().policy()).isEqualTo(AckPolicy.LEADER);
		assertThat(this.producers.producers().get(this.stream)).hasSize(2);
	}

	@Test
	void interceptorsMayChangeMessagesAndAreToldTheirFate() {
		Ack ack = this.template.send(this.stream, "x").join();
		assertThat(this.template.receive(this.stream, 0, ack.offset()).headers().text("mark")).isEqualTo("1");
		eventually(() -> assertThat(this.fates).contains("acked x"));
		assertThat(this.template.send(this.stream, "refuse")).completesExceptionallyWithin(Duration.ofSeconds(10))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(LiftbridgeException.class)
			.withMessageContaining("interceptor");
		this.template.sendToSubject(this.stream, "y").join();
		eventually(() -> assertThat(this.fates).contains("acked y"));
	}

	@Test
	void routesByTheStreamsName() {
		LiftbridgeTemplate durable = this.template.withOptions(ProducerOverrides.NONE.ackPolicy(AckPolicy.ALL));
		RoutingLiftbridgeTemplate routing = RoutingLiftbridgeTemplate.builder()
			.route(this.stream, durable)
			.route("other\\..*", this.template)
			.defaultStream(this.stream)
			.build();
		assertThat(routing.send(this.stream, "x").join().policy()).isEqualTo(AckPolicy.ALL);
		assertThat(routing.sendDefault("x").join().policy()).isEqualTo(AckPolicy.ALL);
		assertThat(routing.newMessage("x").stream(this.stream).send().join().policy()).isEqualTo(AckPolicy.ALL);
		assertThat(routing.receive(this.stream, 0, 0).text()).isEqualTo("x");
		assertThat(routing.template("other.one")).isSameAs(this.template);
		assertThatExceptionOfType(UnroutedStreamException.class).isThrownBy(() -> routing.send("orders", "x"))
			.withMessageContaining("'orders'")
			.withMessageContaining("other\\..*")
			.withMessageContaining("otherwise(");
	}

	private static String text(Message message) {
		return new String(message.value(), StandardCharsets.UTF_8);
	}

	/** Adds a header. */
	private final class Marker implements PublishInterceptor {

		@Override
		public Message beforeSend(String destination, Message message) {
			if (text(message).equals("refuse")) {
				throw new IllegalArgumentException("refused");
			}
			return message.toBuilder().header("mark", "1").build();
		}

		@Override
		public void acked(String stream, Message message, Ack ack, long nanos) {
			TemplateBulkTests.this.fates.add("acked " + text(message));
		}

	}

	private static final class Collector implements Flow.Subscriber<ReceivedMessage<Order>> {

		private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

		private Flow.Subscription subscription;

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(1);
		}

		@Override
		public void onNext(ReceivedMessage<Order> message) {
			this.events.add(message.value());
			this.subscription.request(1);
		}

		@Override
		public void onError(Throwable failure) {
			this.events.add(failure);
		}

		@Override
		public void onComplete() {
			this.events.add("complete");
		}

	}

	record Order(int number) {
	}

	/** Cannot be written as JSON. */
	static final class Loop {

		public Loop getSelf() {
			return this;
		}

	}

}
