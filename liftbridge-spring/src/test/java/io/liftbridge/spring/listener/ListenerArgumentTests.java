package io.liftbridge.spring.listener;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ListenerArgumentTests extends EmbeddedBrokerTest {

	@Test
	void convertsThePayloadToTheTypeOfTheParameter() {
		stream(1);
		Payloads listener = new Payloads();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "k", new Reading("cpu", 42));
			eventually(() -> {
				assertThat(listener.typed).containsExactly(new Reading("cpu", 42));
				assertThat(listener.texts).containsExactly("{\"metric\":\"cpu\",\"value\":42}");
				assertThat(listener.bytes).hasSize(1);
				assertThat(listener.maps).containsExactly(Map.of("metric", "cpu", "value", 42));
			});
			assertThat(new String(listener.bytes.peek(), StandardCharsets.UTF_8)).isEqualTo(listener.texts.peek());
		}
	}

	@Test
	void convertsGenericTypes() {
		stream(1);
		GenericPayload listener = new GenericPayload();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, List.of(new Reading("a", 1), new Reading("b", 2)));
			eventually(() -> assertThat(listener.lists)
				.containsExactly(List.of(new Reading("a", 1), new Reading("b", 2))));
		}
	}

	@Test
	void aListThatAMessageDoesNotHoldMayBeMeantAsABatch() {
		stream(1);
		List<String> problems = new CopyOnWriteArrayList<>();
		try (TestApplication app = application().listener(new GenericPayload())
			.factory((factory) -> factory.setErrorHandler(new DefaultErrorHandler((message, failure) -> {
				problems.add(String.valueOf(failure.cause().getMessage()));
				return CompletableFuture.completedFuture(null);
			})))
			.start()) {
			app.template().send(this.stream, new Reading("a", 1));
			eventually(() -> assertThat(problems).singleElement()
				.asString()
				.contains("as JSON of type java.util.List<")
				.endsWith("set batch = 'true' if it is to receive several."));
		}
	}

	@Test
	void takesAnEmptyValueForAValue() {
		stream(1);
		EmptyPayloads listener = new EmptyPayloads();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new byte[0]);
			eventually(() -> {
				assertThat(listener.texts).containsExactly("");
				assertThat(listener.optional).containsExactly("nothing");
			});
		}
	}

	@Test
	void resolvesHeadersRecordMessageAndAcknowledgment() {
		stream(1);
		AllArguments listener = new AllArguments();
		try (TestApplication app = application().listener(listener).start()) {
			app.template()
				.newMessage(new Reading("cpu", 7))
				.stream(this.stream)
				.key("k1")
				.header("region", "eu")
				.header("hops", 3)
				.header("raw", new byte[] { (byte) 0xff, 0 })
				.send();
			eventually(() -> assertThat(listener.parts).isNotNull());
			eventually(() -> assertThat(listener.wholes).isNotNull());
			AllArguments.Parts parts = listener.parts;
			AllArguments.Wholes wholes = listener.wholes;
			assertThat(parts.reading()).isEqualTo(new Reading("cpu", 7));
			assertThat(parts.offset()).isZero();
			assertThat(parts.partition()).isZero();
			assertThat(parts.key()).isEqualTo("k1");
			assertThat(parts.region()).isEqualTo("eu");
			assertThat(parts.hops()).isEqualTo(3);
			assertThat(parts.raw()).containsExactly(0xff, 0);
			assertThat(parts.missing()).isEqualTo("none");
			assertThat(parts.timestamp()).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
			assertThat(wholes.record().keyText()).isEqualTo("k1");
			assertThat(wholes.typedRecord().value()).isEqualTo(new Reading("cpu", 7));
			assertThat(wholes.typedRecord().offset()).isZero();
			assertThat(wholes.message().getPayload()).isEqualTo(new Reading("cpu", 7));
			assertThat(wholes.message().getHeaders()).containsEntry(LiftbridgeHeaders.STREAM, this.stream)
				.containsEntry("content-type", "application/json");
			assertThat(wholes.headers()).containsEntry("region", "eu")
				.containsEntry(LiftbridgeHeaders.LISTENER_ID, "wholes");
			assertThat(wholes.acknowledgment()).isNotNull();
		}
	}

	@Test
	void deliversListsOfPayloadsMessagesAndRecords() {
		stream(1);
		Batches listener = new Batches();
		try (TestApplication app = application().listener(listener).start()) {
			for (int i = 0; i < 5; i++) {
				app.template().send(this.stream, "k" + i, new Reading("m", i));
			}
			eventually(() -> {
				assertThat(listener.payloads).extracting(Reading::value).containsExactly(0, 1, 2, 3, 4);
				assertThat(listener.messages).extracting((message) -> message.getPayload().value())
					.containsExactly(0, 1, 2, 3, 4);
				assertThat(listener.records).extracting(ReceivedMessage::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
			});
			assertThat(listener.messages).extracting((message) -> message.getHeaders().get(LiftbridgeHeaders.KEY))
				.containsExactly("k0", "k1", "k2", "k3", "k4");
			assertThat(listener.records).extracting((record) -> record.value().value()).containsExactly(0, 1, 2, 3, 4);
			assertThat(listener.largest).isLessThanOrEqualTo(2);
		}
	}

	@Test
	void validatesThePayload() {
		stream(1);
		Validated listener = new Validated();
		try (TestApplication app = application().listener(listener)
			.bean("validator", LocalValidatorFactoryBean.class, LocalValidatorFactoryBean::new)
			.start()) {
			app.template().send(this.stream, new Checked(-1));
			app.template().send(this.stream, new Checked(5));
			eventually(() -> {
				assertThat(listener.single).containsExactly(new Checked(5));
				assertThat(listener.batch).containsExactly(new Checked(5));
			});
			// Each listener has put the invalid one aside, without a retry.
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(2)
				.allSatisfy((message) -> assertThat(message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
					.endsWith("MethodArgumentNotValidException")));
			assertThat(app.messages(this.stream + ".dlt", 0))
				.extracting((message) -> message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
				.containsExactlyInAnyOrder("parameter 1 (Checked checked): value must be greater than or equal to 0",
						"parameter 1 (List checked): value must be greater than or equal to 0");
		}
	}

	@Test
	void resolvesTypesOfGenericSuperclasses() {
		stream(1);
		Specific listener = new Specific();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new Reading("cpu", 1));
			app.template().send(this.stream, new Reading("cpu", 2));
			eventually(() -> {
				assertThat(listener.single).containsExactly(new Reading("cpu", 1), new Reading("cpu", 2));
				assertThat(listener.batch).containsExactly(new Reading("cpu", 1), new Reading("cpu", 2));
				assertThat(listener.records).containsExactly(new Reading("cpu", 1), new Reading("cpu", 2));
			});
		}
	}

	@Test
	void resolvesTypeVariablesInside() {
		stream(1);
		SpecificNested listener = new SpecificNested();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, List.of(new Reading("a", 1)));
			eventually(() -> {
				assertThat(listener.single).containsExactly(List.of(new Reading("a", 1)));
				assertThat(listener.batch).containsExactly(List.of(new Reading("a", 1)));
			});
		}
	}

	@Test
	void deliversAnIdAndATimestampOfTheSendersOwn() {
		stream(1);
		OwnHeaders listener = new OwnHeaders();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("a").stream(this.stream).header("id", "7").header("timestamp", "noon").send();
			eventually(() -> assertThat(listener.texts).containsExactly("7 noon"));
		}
	}

	@Test
	void putsAMessageAsideWhoseHeadersDoNotFit() {
		stream(1);
		NumberHeader listener = new NumberHeader();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("a").stream(this.stream).header("n", "many").send();
			app.template().newMessage("b").stream(this.stream).send();
			app.template().newMessage("c").stream(this.stream).header("n", "3").send();
			eventually(() -> assertThat(listener.numbers).containsExactly(3));
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text)
				.containsExactly("a", "b");
		}
	}

	record Reading(String metric, int value) {
	}

	record Checked(@Min(0) int value) {
	}

	static class Payloads {

		final Queue<Reading> typed = new ConcurrentLinkedQueue<>();

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final Queue<byte[]> bytes = new ConcurrentLinkedQueue<>();

		final Queue<Object> maps = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void typed(Reading reading) {
			this.typed.add(reading);
		}

		@LiftbridgeListener(streams = "${in}")
		void text(String text) {
			this.texts.add(text);
		}

		@LiftbridgeListener(streams = "${in}")
		void bytes(byte[] bytes) {
			this.bytes.add(bytes);
		}

		@LiftbridgeListener(streams = "${in}")
		void any(Object any) {
			this.maps.add(any);
		}

	}

	static class GenericPayload {

		final Queue<List<Reading>> lists = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void on(List<Reading> readings) {
			this.lists.add(readings);
		}

	}

	static class EmptyPayloads {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final Queue<String> optional = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void text(String text) {
			this.texts.add(text);
		}

		@LiftbridgeListener(streams = "${in}")
		void optional(@Payload(required = false) Reading reading) {
			this.optional.add((reading != null) ? reading.toString() : "nothing");
		}

	}

	static class AllArguments {

		volatile Parts parts;

		volatile Wholes wholes;

		@LiftbridgeListener(id = "parts", streams = "${in}")
		void parts(@Payload Reading reading, @Header(LiftbridgeHeaders.OFFSET) long offset,
				@Header(LiftbridgeHeaders.PARTITION) int partition, @Header(LiftbridgeHeaders.KEY) String key,
				@Header("region") String region, @Header("hops") int hops, @Header("raw") byte[] raw,
				@Header(name = "missing", defaultValue = "none") String missing,
				@Header(LiftbridgeHeaders.TIMESTAMP) Instant timestamp) {
			this.parts = new Parts(reading, offset, partition, key, region, hops, raw, missing, timestamp);
		}

		@LiftbridgeListener(id = "wholes", streams = "${in}", ackMode = "MANUAL")
		void wholes(ReceivedMessage<byte[]> record, ReceivedMessage<Reading> typedRecord, Message<Reading> message,
				@Headers Map<String, Object> headers, Acknowledgment acknowledgment) {
			this.wholes = new Wholes(record, typedRecord, message, headers, acknowledgment);
		}

		record Parts(Reading reading, long offset, int partition, String key, String region, int hops, byte[] raw,
				String missing, Instant timestamp) {
		}

		record Wholes(ReceivedMessage<byte[]> record, ReceivedMessage<Reading> typedRecord, Message<Reading> message,
				Map<String, Object> headers, Acknowledgment acknowledgment) {
		}

	}

	static class Batches {

		final Queue<Reading> payloads = new ConcurrentLinkedQueue<>();

		final Queue<Message<Reading>> messages = new ConcurrentLinkedQueue<>();

		final Queue<ReceivedMessage<Reading>> records = new ConcurrentLinkedQueue<>();

		volatile int largest;

		@LiftbridgeListener(streams = "${in}", batch = "true", batchSize = "2")
		void payloads(List<Reading> batch, @Header(LiftbridgeHeaders.STREAM) String stream) {
			this.largest = Math.max(this.largest, batch.size());
			this.payloads.addAll(batch);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void messages(List<Message<Reading>> batch) {
			this.messages.addAll(batch);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void records(List<ReceivedMessage<Reading>> batch) {
			this.records.addAll(batch);
		}

	}

	static class Validated {

		final Queue<Checked> single = new ConcurrentLinkedQueue<>();

		final Queue<Checked> batch = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void single(@Valid Checked checked) {
			this.single.add(checked);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void batch(@Valid List<Checked> checked) {
			this.batch.addAll(checked);
		}

	}

	static class NumberHeader {

		final Queue<Integer> numbers = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void on(@Payload String text, @Header("n") int number) {
			this.numbers.add(number);
		}

	}

	abstract static class Generic<T> {

		final Queue<T> single = new ConcurrentLinkedQueue<>();

		final Queue<T> batch = new ConcurrentLinkedQueue<>();

		final Queue<T> records = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void single(T payload) {
			this.single.add(payload);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void batch(List<T> payloads) {
			this.batch.addAll(payloads);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void records(List<ReceivedMessage<T>> messages) {
			messages.forEach((message) -> this.records.add(message.value()));
		}

	}

	static class Specific extends Generic<Reading> {

	}

	abstract static class Nested<T> {

		final Queue<List<T>> single = new ConcurrentLinkedQueue<>();

		final Queue<List<T>> batch = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void single(List<T> payload) {
			this.single.add(payload);
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void batch(List<Message<List<T>>> messages) {
			messages.forEach((message) -> this.batch.add(message.getPayload()));
		}

	}

	static class SpecificNested extends Nested<Reading> {

	}

	static class OwnHeaders {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void on(@Payload String text, @Header("id") String id, @Header("timestamp") String timestamp,
				Message<String> message) {
			this.texts.add(id + " " + timestamp);
		}

	}

}
