package io.liftbridge.test.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.consumer.StopPosition;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.Data;
import io.liftbridge.client.message.InvalidEventException;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.MissingDataException;
import io.liftbridge.client.message.TopicConflictException;
import io.liftbridge.client.producer.Partitioner;
import io.liftbridge.client.producer.Partitioners;
import io.liftbridge.client.producer.Unroutable;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.client.topic.DataSelector.Selection;
import io.liftbridge.client.topic.Event;
import io.liftbridge.client.topic.EventPatternValidator;
import io.liftbridge.client.topic.EventSerializer;
import io.liftbridge.client.topic.EventSerializers;
import io.liftbridge.client.topic.EventValidator;
import io.liftbridge.client.topic.JsonSchemaValidator;
import io.liftbridge.client.topic.Metadata;
import io.liftbridge.client.topic.Named;
import io.liftbridge.client.topic.Part;
import io.liftbridge.client.topic.Topic;
import io.liftbridge.client.topic.TopicConsumer;
import io.liftbridge.client.topic.TopicDefinition;
import io.liftbridge.client.topic.TopicDescription;
import io.liftbridge.client.topic.TopicParts;
import io.liftbridge.client.topic.TopicProducer;
import io.liftbridge.client.topic.TopicSelectors;
import io.liftbridge.client.topic.Topics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Topics and their definitions, which readers find again.
 */
abstract class TopicScenarios extends BrokerScenarios {

	@Test
	void largeDataIsStoredApartAndOnlyWhatIsWantedIsFetched() {
		Topic<Event> topic = this.client.topics()
			.define(TopicDefinition.of(name(), EventSerializers.events()).partitions(2));
		byte[] bytes = new byte[5_000_000];
		new Random(1).nextBytes(bytes);
		List<CompletableFuture<Ack>> acks = new ArrayList<>();
		try (TopicProducer<Event> producer = topic.producer().claimCheckAbove(100_000).build()) {
			for (int i = 0; i < 4; i++) {
				acks.add(producer.send(new Event(Metadata.of("large"), Data.of(bytes)),
						(message) -> message.partition(0)));
				acks.add(producer.send(new Event(Metadata.of("small"), Data.ofText("text")),
						(message) -> message.partition(0)));
			}
		}
		assertThat(acks).extracting((ack) -> ack.join().offset()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L);
		List<String> read = new ArrayList<>();
		topic.consumer().from(StartPosition.earliest()).until(StopPosition.latest()).forEach((message) -> {
			boolean whole = message.value().data().equals(Data.of(bytes));
			read.add(whole ? "whole" : message.value().data().text());
		});
		assertThat(read).containsExactly("whole", "text", "whole", "text", "whole", "text", "whole", "text");
		Topic<Event> narrow = topic.select((metadata) -> Selection.range(1_000_000, 10));
		List<Integer> sizes = new ArrayList<>();
		narrow.consumer().from(StartPosition.earliest()).until(StopPosition.latest()).forEach((message) -> {
			sizes.add(message.value().data().size());
			if (message.value().data().size() > 0) {
				assertThat(message.value().data().toArray()).isEqualTo(Arrays.copyOfRange(bytes, 1_000_000, 1_000_010));
			}
		});
		assertThat(sizes).containsExactly(10, 0, 10, 0, 10, 0, 10, 0);
		// Nothing of the data is needed where nothing of it is wanted.
		this.client.streams().delete(topic.stream() + ".data");
		List<String> metadata = new ArrayList<>();
		topic.select((any) -> Selection.NONE)
			.consumer()
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.forEach((message) -> metadata.add(message.value().metadata().text()));
		assertThat(metadata).hasSize(8);
		List<Throwable> missing = new ArrayList<>();
		topic.consumer()
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.onUnreadable((ex) -> missing.add(ex.getCause()))
			.forEach((message) -> metadata.add(message.value().data().text()));
		assertThat(missing).hasSize(4).allSatisfy((ex) -> assertThat(ex).isInstanceOf(MissingDataException.class));
		assertThat(metadata).hasSize(12).endsWith("text", "text", "text", "text");
	}

	@Test
	void aReaderFindsWhatAWriterHasDefined() {
		TopicDefinition<Order> definition = orders(name()).partitions(3)
			.validator(EventPatternValidator.of("{\"amount\": [{\"numeric\": [\">\", 0]}]}"))
			.selector(TopicSelectors.range("/amount", 10, 20));
		try (TopicProducer<Order> producer = this.client.topics().define(definition).producer().build()) {
			producer.send("k", new Order("a", 5)).join();
			producer.send("k", new Order("b", 15)).join();
		}
		try (LiftbridgeClient other = connect()) {
			Topic<Order> found = other.topics().find(definition.stream(), Order.class).orElseThrow();
			assertThat(found.definition().describe()).isEqualTo(definition.describe());
			assertThat(this.client.streams().describe(found.stream()).partitions()).hasSize(3);
			try (TopicConsumer<Order> consumer = found.consumer()
				.from(StartPosition.earliest())
				.until(StopPosition.latest())
				.open()) {
				assertThat(consumer.stream().map((message) -> message.partition() + message.value().id()))
					.containsExactlyInAnyOrder("0a", "1b");
			}
			try (TopicProducer<Order> producer = found.producer().build()) {
				assertThat(producer.sendAndWait(new Order("c", 25), LONG).partition()).isEqualTo(2);
				assertThatExceptionOfType(InvalidEventException.class)
					.isThrownBy(() -> producer.sendAndWait(new Order("d", 0), LONG))
					.satisfies((ex) -> assertThat(ex.path()).isEqualTo("$.amount"));
			}
		}
	}

	@Test
	void eachPartIsStoredWithItsConfiguration() {
		List<TopicDefinition<?>> definitions = new ArrayList<>();
		definitions.add(TopicDefinition.of(name(), EventSerializers.events())
			.selector(TopicSelectors.routing(Map.of("eu", 0, "us", 1), Unroutable.DROP))
			.validator(JsonSchemaValidator.of("{\"type\": \"object\", \"maxProperties\": 3}")));
		for (Partitioner selector : List.of(TopicSelectors.keyHash(), TopicSelectors.murmur3(),
				TopicSelectors.roundRobin(), TopicSelectors.explicit(), TopicSelectors.keyHashOrRoundRobin())) {
			definitions.add(TopicDefinition.of(name(), EventSerializers.events()).selector(selector));
		}
		definitions.add(TopicDefinition.of(name(), EventSerializers.events()).selector(TopicSelectors.sticky(7)));
		for (TopicDefinition<?> definition : definitions) {
			this.client.topics().define(definition);
			this.client.topics().define(definition);
			Topic<Event> found = this.client.topics().find(definition.stream(), Event.class).orElseThrow();
			assertThat(found.definition().describe()).isEqualTo(definition.describe());
		}
		assertThat(this.client.topics().list()).extracting(TopicDescription::stream)
			.containsAll(definitions.stream().map(TopicDefinition::stream).toList());
	}

	@Test
	void anotherDefinitionIsRefusedWithBothShown() {
		TopicDefinition<Order> definition = orders(name());
		this.client.topics().define(definition);
		assertThatExceptionOfType(TopicConflictException.class)
			.isThrownBy(() -> this.client.topics().define(definition.selector(TopicSelectors.murmur3())))
			.withMessageContaining("'" + definition.stream() + "'")
			.withMessageContaining("Stored: {")
			.withMessageContaining("\"key-hash-or-round-robin\"")
			.withMessageContaining("Wanted: {")
			.withMessageContaining("\"murmur3\"");
		assertThat(this.client.topics().forget(definition.stream())).isTrue();
		assertThat(this.client.topics().forget(definition.stream())).isFalse();
		assertThat(this.client.topics().find(definition.stream())).isEmpty();
		assertThat(this.client.topics().define(definition.selector(TopicSelectors.murmur3())).stream())
			.isEqualTo(definition.stream());
		String taken = name();
		this.client.streams().create(StreamSpec.named(taken).partitions(2));
		assertThatExceptionOfType(TopicConflictException.class)
			.isThrownBy(() -> this.client.topics().define(orders(taken)))
			.withMessageContaining("1 partitions")
			.withMessageContaining("has 2");
		assertThat(this.client.topics().find(taken)).isEmpty();
	}

	@Test
	void ofManyThatDefineOneIsFirst() throws Exception {
		String stream = name();
		List<String> others = List.of(name(), name());
		ExecutorService threads = Executors.newFixedThreadPool(6);
		List<CompletableFuture<String>> outcomes = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			TopicDefinition<Order> definition = orders(stream)
				.selector((i % 2 == 0) ? TopicSelectors.keyHash() : TopicSelectors.murmur3());
			String other = others.get(i % 2);
			outcomes.add(CompletableFuture.supplyAsync(() -> {
				try (LiftbridgeClient own = connect()) {
					own.topics().define(orders(other));
					own.topics().define(definition);
					return definition.describe().selector().name();
				}
				catch (TopicConflictException ex) {
					return "refused";
				}
			}, threads));
		}
		for (CompletableFuture<String> outcome : outcomes) {
			outcome.get(120, TimeUnit.SECONDS);
		}
		threads.shutdown();
		String winner = this.client.topics().find(stream).orElseThrow().selector().name();
		assertThat(outcomes.stream().map(CompletableFuture::join)).filteredOn((outcome) -> !outcome.equals("refused"))
			.hasSize(3)
			.containsOnly(winner);
		assertThat(this.client.topics().find(others.get(0))).isPresent();
		assertThat(this.client.topics().find(others.get(1))).isPresent();
	}

	@Test
	void partsOfOnesOwnAreFoundOnceTheyAreKnown() {
		TopicDefinition<String> definition = TopicDefinition.of(name(), new Shout())
			.validator(new Shortest(2))
			.selector(new Last());
		this.client.topics().define(definition);
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.topics().find(definition.stream(), String.class))
			.withMessageContaining("serializer 'shout'")
			.withMessageContaining("TopicParts");
		try (LiftbridgeClient other = connect()) {
			other.topics().register(new OwnParts());
			Topic<String> found = other.topics().find(definition.stream(), String.class).orElseThrow();
			assertThat(found.definition().validator()).isEqualTo(new Shortest(2));
			assertThat(found.definition().selector()).isEqualTo(new Last());
		}
		TopicDefinition<String> anonymous = definition.validator((text) -> {
		});
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.topics().define(anonymous))
			.withMessageContaining("validator of topic '" + definition.stream() + "' has no name");
		assertThatExceptionOfType(InvalidRequestException.class)
			.isThrownBy(() -> this.client.topics()
				.find(this.client.topics().define(TopicDefinition.of(name(), EventSerializers.text())).stream(),
						Order.class))
			.withMessageContaining("'text' makes java.lang.String");
	}

	@Test
	void nothingIsFoundWhereNothingIsDefined() {
		assertThat(this.client.topics().find("nobody-has-defined-it")).isEmpty();
		assertThat(this.client.topics().find("nobody-has-defined-it", Order.class)).isEmpty();
	}

	@Test
	void dataInPartsArrivesAsAWhole() {
		Topic<Event> topic = this.client.topics().define(TopicDefinition.of(name(), EventSerializers.events()));
		ByteBuffer direct = ByteBuffer.allocateDirect(100_000);
		byte[] heap = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);
		try (TopicProducer<Event> producer = topic.producer().build()) {
			producer.send(Metadata.json(Map.of("kind", "big")), Data.of(direct, ByteBuffer.wrap(heap, 1, 9)))
				.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS)
				.join();
		}
		try (TopicConsumer<Event> consumer = topic.consumer()
			.from(StartPosition.earliest())
			.until(StopPosition.latest())
			.open()) {
			Event event = consumer.poll(LONG).get(0).value();
			assertThat(event.metadata().json().at("/kind").stringValue()).isEqualTo("big");
			assertThat(event.data())
				.isEqualTo(Data.of(new byte[100_000], "x".repeat(9).getBytes(StandardCharsets.UTF_8)));
		}
	}

	@Test
	void definitionsLieInACompactedStream() {
		this.client.topics().define(orders(name()));
		assertThat(this.client.streams().exists(Topics.DEFINITIONS)).isTrue();
		assertThat(this.client.streams().describe(Topics.DEFINITIONS).partitions()).hasSize(1);
	}

	private TopicDefinition<Order> orders(String stream) {
		return TopicDefinition.of(stream, EventSerializers.json(Order.class));
	}

	record Order(String id, int amount) {
	}

	/** A serializer of one's own. */
	record Shout() implements EventSerializer<String>, Named {

		@Override
		public Class<String> type() {
			return String.class;
		}

		@Override
		public void serialize(String event, io.liftbridge.client.message.Message.Builder message) {
			message.value(event + "!");
		}

		@Override
		public String deserialize(io.liftbridge.client.message.ReceivedMessage<byte[]> message) {
			return message.text();
		}

		@Override
		public Part part() {
			return Part.of("shout");
		}

	}

	/** A validator of one's own. */
	record Shortest(int length) implements EventValidator<Object>, Named {

		@Override
		public void validate(Object event) {
			if (event.toString().length() < this.length) {
				throw new InvalidEventException("$", "too short");
			}
		}

		@Override
		public Part part() {
			return new Part("shortest", Map.of("length", this.length));
		}

	}

	/** A selector of one's own. */
	record Last() implements Partitioner, Named {

		@Override
		public int partition(io.liftbridge.client.message.Message message, int partitions) {
			return Partitioners.explicit().partition(message, partitions);
		}

		@Override
		public Part part() {
			return Part.of("last");
		}

	}

	/** Creates them again. */
	static final class OwnParts implements TopicParts {

		@Override
		public @Nullable EventValidator<Object> validator(Part part) {
			return part.name().equals("shortest") ? new Shortest(part.number("length")) : null;
		}

		@Override
		public @Nullable Partitioner selector(Part part) {
			return part.name().equals("last") ? new Last() : null;
		}

		@Override
		@SuppressWarnings("unchecked")
		public <T> @Nullable EventSerializer<T> serializer(Part part, Class<T> type) {
			return (part.name().equals("shout") && type == String.class) ? (EventSerializer<T>) new Shout() : null;
		}

	}

}
