package io.liftbridge.client.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.Status;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.consumer.Subscription;
import io.liftbridge.client.fake.FakeClusterTest;
import io.liftbridge.client.fake.FakePartition;
import io.liftbridge.client.fake.SubscriberCall;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.MissingDataException;
import io.liftbridge.client.message.UnreadableEventException;
import io.liftbridge.client.producer.Producer;
import io.liftbridge.client.producer.ProducerRecorder;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.client.topic.DataSelector.Selection;
import io.liftbridge.proto.PublishAsyncError;
import io.liftbridge.proto.PublishRequest;
import io.liftbridge.proto.SubscribeRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Data that is stored apart from its event.
 */
class ClaimCheckTests extends FakeClusterTest {

	private static final int CHUNK = 512 << 10;

	private FakePartition data;

	private Topic<Event> topic;

	@BeforeEach
	void define() {
		this.data = this.cluster.stream("orders.data");
		this.topic = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.events()));
	}

	private static byte[] noise(int bytes) {
		byte[] noise = new byte[bytes];
		new Random(bytes).nextBytes(noise);
		return noise;
	}

	private TopicProducerBuilder<Event> claiming() {
		return this.topic.producer().claimCheckAbove(1000);
	}

	private static TopicConsumerBuilder<Event> all(Topic<Event> topic) {
		return topic.consumer().from(StartPosition.earliest()).until(StopPosition.latest());
	}

	private List<Event> read(Topic<Event> from) {
		List<Event> events = new ArrayList<>();
		all(from).forEach((message) -> events.add(message.value()));
		return events;
	}

	private List<SubscribeRequest> fetches() {
		return this.broker.subscriberCalls()
			.stream()
			.map((call) -> call.request())
			.filter((request) -> request.getStream().equals("orders.data"))
			.toList();
	}

	private List<PublishRequest> published(String stream) {
		return this.broker.publishCalls()
			.stream()
			.flatMap((call) -> call.received().stream())
			.filter((request) -> request.getStream().equals(stream))
			.toList();
	}

	@Test
	void theEventSaysWhereItsDataIsAndReadersFetchIt() {
		byte[] large = noise(3 * CHUNK + 5);
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Metadata.of("small"), Data.of(noise(1000))));
			get(producer.send(Metadata.of("large"), Data.of(large)));
		}
		assertThat(this.data.values()).hasSize(4);
		List<PublishRequest> events = published("orders");
		assertThat(events.get(0).getHeadersMap()).containsOnlyKeys(Metadata.HEADER);
		assertThat(events.get(1).getValue().isEmpty()).isTrue();
		DataDescriptor place = DataDescriptor
			.parse(events.get(1).getHeadersOrThrow(DataDescriptor.HEADER).toStringUtf8());
		assertThat(place.stream()).isEqualTo("orders.data");
		assertThat(place.firstOffset()).isZero();
		assertThat(place.lastOffset()).isEqualTo(3);
		assertThat(place.size()).isEqualTo(large.length);
		List<Event> read = read(this.topic);
		assertThat(read.get(0).data().size()).isEqualTo(1000);
		assertThat(read.get(1)).isEqualTo(new Event(Metadata.of("large"), Data.of(large)));
		// Whoever reads the companion stream gets the data in one piece.
		assertThat(this.client.consumer("orders.data")
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.iterator()
			.next()
			.value()).isEqualTo(large);
	}

	@Test
	void whatIsNotWantedIsNeverFetched() {
		byte[] value = noise(5 * CHUNK + 100);
		try (TopicProducer<Event> producer = claiming().build()) {
			for (int i = 0; i < 3; i++) {
				get(producer.send(Metadata.of("e" + i), Data.of(value)));
			}
		}
		assertThat(read(this.topic.select((metadata) -> Selection.NONE))).extracting((event) -> event.metadata().text())
			.containsExactly("e0", "e1", "e2");
		assertThat(read(this.topic.select((metadata) -> Selection.range(value.length, 10)))).hasSize(3);
		assertThat(fetches()).isEmpty();
		List<Event> some = read(this.topic.select((metadata) -> metadata.text().equals("e1")
				? Selection.range(2 * CHUNK - 3, CHUNK + 6) : Selection.NONE));
		assertThat(some.get(1).data().toArray()).isEqualTo(Arrays.copyOfRange(value, 2 * CHUNK - 3, 3 * CHUNK + 3));
		assertThat(fetches()).singleElement().satisfies((request) -> {
			assertThat(request.getStartOffset()).isEqualTo(6 + 1);
			assertThat(request.getStopOffset()).isEqualTo(6 + 3);
		});
	}

	@Test
	void anyRangeIsThatOfTheWhole() {
		byte[] value = noise(2 * CHUNK + 11);
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Metadata.of("e"), Data.of(value)));
		}
		for (Selection wanted : List.of(Selection.ALL, Selection.range(0, 1), Selection.range(CHUNK, CHUNK),
				Selection.range(CHUNK - 1, 2), Selection.range(2L * CHUNK, 100), Selection.range(7, Long.MAX_VALUE))) {
			assertThat(read(this.topic.select((metadata) -> wanted)).get(0).data())
				.isEqualTo(wanted.of(Data.of(value)));
		}
	}

	@Test
	void chunksAmongOthersAndInAnotherOrderAreFound() {
		byte[] value = noise(2 * CHUNK + 11);
		List<PublishRequest> held = new CopyOnWriteArrayList<>();
		TopicProducer<Event> producer = claiming().build();
		get(producer.send(Metadata.of("first"), Data.of(noise(2000))));
		this.broker.onPublish((request, call) -> {
			if (!request.getStream().equals("orders.data")) {
				call.store(request);
				return;
			}
			held.add(request);
			if (held.size() == 3) {
				this.data.append("other");
				call.store(held.get(1));
				this.data.append("other");
				call.store(held.get(2));
				call.store(held.get(0));
			}
		});
		get(producer.send(Metadata.of("e"), Data.of(value)));
		assertThat(read(this.topic).get(1).data().toArray()).isEqualTo(value);
		assertThat(fetches()).hasSize(3);
	}

	@Test
	void anEventKeepsItsTurnAndIsSentOnlyWhenItsDataIsStored() {
		List<Runnable> held = new CopyOnWriteArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(3);
		TopicProducer<Event> producer = claiming().executor(threads).build();
		get(producer.send(Metadata.of("first"), Data.of(noise(2000))));
		this.broker.onPublish((request, call) -> {
			if (request.getStream().equals("orders.data")) {
				held.add(() -> call.store(request));
			}
			else {
				call.store(request);
			}
		});
		CompletableFuture<Ack> large = producer.send(Metadata.of("large"), Data.of(noise(CHUNK + 1)));
		CompletableFuture<Ack> small = producer.send(Metadata.of("small"), Data.of(noise(1)));
		await().atMost(LONG).until(() -> held.size() >= 2);
		held.get(0).run();
		assertThat(published("orders")).hasSize(1);
		held.get(1).run();
		assertThat(get(large).offset()).isEqualTo(1);
		assertThat(get(small).offset()).isEqualTo(2);
		producer.close();
		threads.shutdown();
	}

	@Test
	void anEventWhoseDataIsNotStoredIsNotSent() {
		this.broker.onPublish((request, call) -> {
			if (request.getStream().equals("orders.data")) {
				call.error(request, PublishAsyncError.Code.READONLY, "readonly partition: 0");
			}
			else {
				call.store(request);
			}
		});
		List<LiftbridgeException> told = new CopyOnWriteArrayList<>();
		try (TopicProducer<Event> producer = claiming().onFailure((event, ex) -> told.add(ex)).build()) {
			LiftbridgeException failed = failure(producer.send(Metadata.of("large"), Data.of(noise(2000))));
			assertThat(failed.outcome()).isEqualTo(Outcome.NOT_SENT);
			assertThat(failed).hasMessageContaining("was not sent, as its data could not be stored before it")
				.hasMessageContaining("readonly");
			assertThat(get(producer.send(Metadata.of("small"), Data.of(noise(2)))).offset()).isZero();
		}
		assertThat(told).hasSize(1);
	}

	@Test
	void dataThatIsGoneIsToldAndReadingGoesOn() {
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Event.of(Metadata.of("old")), (message) -> message.header(DataDescriptor.HEADER,
					"1;removed;0;0;1;" + 2 * CHUNK + ";" + CHUNK + ";orders.data")));
			get(producer.send(Metadata.of("new"), Data.of(noise(2 * CHUNK))));
		}
		List<String> seen = new ArrayList<>();
		try (TopicConsumer<Event> consumer = all(this.topic).open()) {
			while (!consumer.isEnded()) {
				try {
					consumer.poll(LONG).forEach((message) -> seen.add(message.value().metadata().text()));
				}
				catch (UnreadableEventException ex) {
					assertThat(ex).hasCauseInstanceOf(MissingDataException.class)
						.hasMessageContaining("Topic 'orders' partition 0 offset 0")
						.hasMessageContaining("offsets 0 to 1 of stream 'orders.data' partition 0")
						.hasMessageContaining("chunk 0 of 2 is not there")
						.hasMessageContaining("Retention")
						.hasMessageNotContaining("..");
					seen.add("missing");
				}
			}
		}
		assertThat(seen).containsExactly("missing", "new");
		this.cluster.remove("orders.data");
		List<UnreadableEventException> unreadable = new ArrayList<>();
		all(this.topic).onUnreadable(unreadable::add).forEach((message) -> seen.add("never"));
		assertThat(unreadable).hasSize(2)
			.allSatisfy((ex) -> assertThat(ex).hasMessageContaining("stream 'orders.data' partition 0")
				.hasMessageContaining("companion stream was deleted")
				.hasMessageNotContaining("Retention")
				.hasMessageNotContaining("streams().create")
				.hasMessageNotContaining(".."));
		assertThat(read(this.topic.select((metadata) -> Selection.NONE))).hasSize(2);
	}

	@Test
	void dataBehindTheEndOfItsPartitionIsNotWaitedFor() {
		this.data.append("of a stream that was created anew");
		try (Producer producer = this.client.producer("orders").build()) {
			for (String place : List.of("0;2;3;", "4;" + Long.MAX_VALUE + ";3;")) {
				producer.sendAndWait(Message.builder()
					.value("")
					.header(DataDescriptor.HEADER, "1;removed;0;" + place + "1;orders.data")
					.build(), LONG);
			}
		}
		List<Throwable> reasons = new ArrayList<>();
		long begin = System.nanoTime();
		all(this.topic).onUnreadable((ex) -> reasons.add(ex.getCause())).forEach((message) -> reasons.add(null));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("30 s each").isLessThan(Duration.ofSeconds(30));
		assertThat(reasons).hasSize(2)
			.allSatisfy((reason) -> assertThat(reason).isInstanceOf(MissingDataException.class)
				.hasMessageContaining("chunk 0 of 3 is not there"));
	}

	@Test
	void dataIsWaitedForAsLongAsItArrives() {
		byte[] value = noise(3 * CHUNK);
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Metadata.of("e"), Data.of(value)));
		}
		List<PublishRequest> chunks = published("orders.data");
		ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
		this.broker.onSubscribe((call) -> {
			call.live();
			for (int i = 0; i < chunks.size(); i++) {
				io.liftbridge.proto.Message chunk = io.liftbridge.proto.Message.newBuilder()
					.setStream("orders.data")
					.setOffset(i)
					.setValue(chunks.get(i).getValue())
					.putAllHeaders(chunks.get(i).getHeadersMap())
					.build();
				clock.schedule(() -> call.send(chunk), 2500L * (i + 1), TimeUnit.MILLISECONDS);
			}
		});
		DataReader reader = new DataReader(this.client.streams(), this.client::subscribe, Duration.ofSeconds(5));
		DataDescriptor place = DataDescriptor
			.parse(published("orders").get(0).getHeadersOrThrow(DataDescriptor.HEADER).toStringUtf8());
		assertThat(reader.read(place, Selection.ALL)).isEqualTo(value);
		clock.shutdown();
	}

	@Test
	void dataIsNotMissingIfItsClientIsClosedMeanwhile() {
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Metadata.of("e"), Data.of(noise(2000))));
		}
		this.broker.onSubscribe((call) -> {
			if (!call.request().getStream().equals("orders.data")) {
				call.serve();
				return;
			}
			call.live();
			if (fetches().size() == 1) {
				call.end(Status.RESOURCE_EXHAUSTED.withDescription("Stop offset reached"));
			}
		});
		List<UnreadableEventException> unreadable = new CopyOnWriteArrayList<>();
		TopicConsumer<Event> consumer = all(this.topic).onUnreadable(unreadable::add).open();
		CompletableFuture<?> polled = CompletableFuture.supplyAsync(() -> consumer.poll(LONG));
		await().atMost(LONG).until(() -> fetches().size() == 2);
		this.client.close(Duration.ZERO);
		assertThat(failure(polled)).isInstanceOf(ClientClosedException.class)
			.hasMessageContaining("2000 bytes of data at offsets 0 to 0 of stream 'orders.data'");
		assertThat(unreadable).isEmpty();
	}

	@Test
	void whatIsRefusedLeavesNoProducerBehind() {
		AtomicInteger open = new AtomicInteger();
		client(builder().producerMetrics((stream, name, inFlight) -> {
			open.incrementAndGet();
			return new ProducerRecorder() {

				@Override
				public void closed() {
					open.decrementAndGet();
				}

			};
		}));
		Topic<Event> again = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.events()));
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> again.producer().claimCheckAbove(1000).dataStream(StreamSpec.named("orders")).build());
		assertThatExceptionOfType(InvalidRequestException.class).isThrownBy(() -> again.producer()
			.claimCheckAbove(1000)
			.options((producer) -> producer.publishingIds(true))
			.build());
		await().atMost(LONG).untilAsserted(() -> assertThat(open).hasValue(0));
	}

	@Test
	void aHeaderThatSaysNoPlaceIsUnreadable() {
		try (Producer producer = this.client.producer("orders").build()) {
			for (String header : List.of("", "1", "2;a;0;0;0;1;1;s", "1;a;0;0;0;x;1;s", "1;a;0;5;3;1;1;s",
					"1;a;0;0;0;99;1;s", "1;a;-1;0;0;1;1;s")) {
				producer.sendAndWait(Message.builder().value("").header(DataDescriptor.HEADER, header).build(), LONG);
			}
		}
		List<String> reasons = new ArrayList<>();
		all(this.topic).onUnreadable((ex) -> reasons.add(ex.getMessage())).forEach((message) -> reasons.add("read"));
		assertThat(reasons).hasSize(7).allSatisfy((reason) -> assertThat(reason).contains("cannot be read as Event"));
	}

	@Test
	void theCompanionStreamIsCreatedAsItIsToldTo() {
		try (TopicProducer<Event> producer = claiming().dataStream(StreamSpec.named("images").partitions(2)).build()) {
			for (int i = 0; i < 2; i++) {
				get(producer.send(Metadata.of("e"), Data.of(noise(2000))));
			}
		}
		assertThat(this.client.streams().describe("images").partitions()).hasSize(2);
		assertThat(published("images")).extracting(PublishRequest::getPartition).containsExactly(0, 1);
		assertThat(read(this.topic)).hasSize(2);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> claiming().dataStream(StreamSpec.named("orders")).build())
			.withMessageContaining("the topic's own stream");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.topic.producer().claimCheckAbove(-1))
			.withMessageContaining("claimCheckAbove");
	}

	@Test
	void otherTopicsAndOtherReadersFetchDataToo() {
		Topic<String> texts = this.client.topic("orders", TopicDefinition.of("orders", EventSerializers.text()));
		String text = "text ".repeat(1000);
		List<String> received = new CopyOnWriteArrayList<>();
		try (Subscription subscription = texts.subscribe((message) -> received.add(message.value()))
			.from(StartPosition.earliest())
			.start(); TopicProducer<String> producer = texts.producer().claimCheckAbove(0).build()) {
			get(producer.send(text));
			get(producer.send(""));
			await().atMost(LONG).until(() -> received.size() == 2);
			assertThat(subscription.isLive()).isTrue();
		}
		assertThat(received).containsExactly(text, "");
	}

	@Test
	void dataThatCannotBeFetchedAtTheMomentIsFetchedWithTheNextCall() {
		byte[] value = noise(2000);
		try (TopicProducer<Event> producer = claiming().build()) {
			get(producer.send(Metadata.of("e"), Data.of(value)));
		}
		this.broker.onSubscribe((call) -> {
			if (call.request().getStream().equals("orders.data")) {
				call.end(Status.UNKNOWN
					.withDescription("The client is not authorized to call Subscribe on resource orders.data"));
			}
			else {
				call.serve();
			}
		});
		try (TopicConsumer<Event> consumer = all(this.topic).open()) {
			assertThatExceptionOfType(LiftbridgeException.class).isThrownBy(() -> consumer.poll(LONG))
				.isNotInstanceOf(UnreadableEventException.class);
			this.broker.onSubscribe(SubscriberCall::serve);
			assertThat(consumer.poll(LONG).get(0).value().data().toArray()).isEqualTo(value);
		}
	}

}
