package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.liftbridge.client.consumer.Consumer;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ListenerSignatureTests extends EmbeddedBrokerTest {

	@Test
	void refusesToIgnoreValidBecauseNobodyValidates() {
		assertThatThrownBy(() -> application().listener("orders", new Validated()).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("of bean 'orders'")
			.hasMessageContaining("checked) has @Valid, and there is no Validator")
			.hasMessageContaining("spring-boot-starter-validation");
		assertThatThrownBy(() -> application().listener("orders", new Validated())
			.bean("validator", Validator.class, NoValidator::new)
			.start()).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("the Validator does not know this type");
	}

	@ParameterizedTest
	@MethodSource
	void refusesABatchMethodThatCannotWork(Object listener, String parameter, String remedy) {
		assertThatThrownBy(() -> application().listener("orders", listener).start())
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("@LiftbridgeListener on " + listener.getClass().getSimpleName() + ".on(")
			.hasMessageContaining("of bean 'orders': " + parameter)
			.hasMessageContaining(remedy);
	}

	static Stream<Arguments> refusesABatchMethodThatCannotWork() {
		return Stream.of(
				Arguments.of(new HeaderInBatch(), "parameter 2 (String region) needs the header 'region'",
						"declare it as List"),
				Arguments.of(new HeaderArrayInBatch(),
						"parameter 2 (long[] offsets) asks for the header 'liftbridge_offset' of several messages",
						"declare it as List"),
				Arguments.of(new OffsetOfBatch(), "parameter 2 (long offset) asks for the offset, which each message",
						"declare it as List"),
				Arguments.of(new HeadersOfBatch(), "parameter 2 (Map headers) has @Headers, which each message",
						"List<Message<T>>"),
				Arguments.of(new ThreadHeader(),
						"parameter 2 (Thread offset) asks for the header 'liftbridge_offset', which is a Long",
						"declare it as Long"),
				Arguments.of(new RunnablePayload(), "parameter 1 (Runnable task) is a java.lang.Runnable",
						"declare the payload's type"),
				Arguments.of(new HeadersList(), "parameter 2 (List headers) has @Headers", "Map<String, Object>"),
				Arguments.of(new ClientMessage(), "parameter 1 (Message message) is a ", "declare ReceivedMessage"),
				Arguments.of(new ClientConsumer(), "parameter 2 (Consumer consumer) is a ", "declare ListenerContext"),
				Arguments.of(new Reactive(), "returns a Results", "return a CompletableFuture"),
				Arguments.of(new NothingToSend(), "@SendTo on NothingToSend.on(String), which returns nothing",
						"or remove @SendTo"),
				Arguments.of(new BrokenTarget(), "@SendTo = 'a-!{result.' is not valid", "}"),
				Arguments.of(new MessageInBatch(), "parameter 2 (ReceivedMessage message) has no value in a batch",
						"remove it, or remove batch = 'true'"),
				Arguments.of(new NoBatch(), "parameter 1 (List messages) is a list of messages", "set batch = 'true'"),
				Arguments.of(new Expression(), "parameter 1 (String name) has @Payload with the expression 'name'",
						"remove it"));
	}

	@Test
	void acceptsWhatHasNoValueInABatchButNeedsNone() {
		stream(1);
		OptionalHeadersInBatch listener = new OptionalHeadersInBatch();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "a").join();
			eventually(() -> assertThat(listener.calls).containsExactly("[a] null Optional.empty eu 0"));
		}
	}

	@Test
	void acceptsWhateverHasAMeaning() {
		stream(1);
		Legal listener = new Legal();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "k", List.of(new Checked(1))).join();
			eventually(() -> assertThat(listener.calls).containsExactlyInAnyOrder("accessor k 1", "headers k 1",
					"message 1", "optional 1", "null none"));
		}
	}

	record Checked(int value) {
	}

	static class Validated {

		@LiftbridgeListener(streams = "${in}")
		void single(@Valid Checked checked) {
		}

	}

	static class HeaderInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header("region") String region) {
		}

	}

	static class OffsetOfBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header(LiftbridgeHeaders.OFFSET) long offset) {
		}

	}

	static class HeadersOfBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Headers Map<String, Object> headers) {
		}

	}

	static class ThreadHeader {

		@LiftbridgeListener(streams = "${in}")
		void on(String text, @Header(LiftbridgeHeaders.OFFSET) Thread offset) {
		}

	}

	static class RunnablePayload {

		@LiftbridgeListener(streams = "${in}")
		void on(Runnable task) {
		}

	}

	static class HeaderArrayInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header(LiftbridgeHeaders.OFFSET) long[] offsets) {
		}

	}

	static class HeadersList {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Headers List<Map<String, Object>> headers) {
		}

	}

	static class ClientMessage {

		@LiftbridgeListener(streams = "${in}")
		void on(io.liftbridge.client.message.Message message) {
		}

	}

	static class ClientConsumer {

		@LiftbridgeListener(streams = "${in}")
		void on(@Payload String text, @Payload Consumer consumer) {
		}

	}

	static class Reactive {

		@LiftbridgeListener(streams = "${in}")
		Results on(String text) {
			return new Results();
		}

	}

	static class NothingToSend {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("${in}")
		void on(String text) {
		}

	}

	static class BrokenTarget {

		@LiftbridgeListener(streams = "${in}")
		@SendTo("a-!{result.")
		String on(String text) {
			return text;
		}

	}

	/** As reactive types are. */
	static class Results implements Flow.Publisher<String> {

		@Override
		public void subscribe(Flow.Subscriber<? super String> subscriber) {
		}

	}

	static class MessageInBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, ReceivedMessage<String> message) {
		}

	}

	static class NoBatch {

		@LiftbridgeListener(streams = "${in}")
		void on(List<Message<String>> messages) {
		}

	}

	static class Expression {

		@LiftbridgeListener(streams = "${in}")
		void on(@Payload("name") String name) {
		}

	}

	static class OptionalHeadersInBatch {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header("region") @Nullable String region, @Header("zone") Optional<String> zone,
				@Header(name = "place", defaultValue = "eu") String place, MessageHeaderAccessor headers) {
			this.calls.add(texts + " " + region + " " + zone + " " + place + " "
					+ headers.getHeader(LiftbridgeHeaders.PARTITION));
		}

	}

	static class Legal {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void accessor(List<Checked> several, MessageHeaderAccessor headers) {
			this.calls.add("accessor " + headers.getHeader(LiftbridgeHeaders.KEY) + " " + several.get(0).value());
		}

		@LiftbridgeListener(streams = "${in}")
		void headers(List<Checked> several, MessageHeaders headers, @Headers Map<String, Object> all) {
			this.calls.add("headers " + all.get(LiftbridgeHeaders.KEY) + " " + several.get(0).value());
		}

		@LiftbridgeListener(streams = "${in}")
		CompletableFuture<Void> message(Message<List<Checked>> message) {
			return CompletableFuture.runAsync(() -> this.calls.add("message " + message.getPayload().get(0).value()));
		}

		@LiftbridgeListener(streams = "${in}")
		void optional(Optional<List<Checked>> several) {
			this.calls.add("optional " + several.orElseThrow().get(0).value());
		}

		@LiftbridgeListener(streams = "${in}")
		void nullable(byte[] value, @Header("region") @Nullable String region,
				@Header(LiftbridgeHeaders.OFFSET) Optional<String> offset, @Header(LiftbridgeHeaders.TIMESTAMP) Long at,
				@Header(LiftbridgeHeaders.PARTITION) long partition, @Header(LiftbridgeHeaders.STREAM) Object stream,
				@Header(name = "zone", defaultValue = "none") String zone) {
			this.calls.add(region + " " + zone);
		}

	}

	/** As Boot's, where the validation starter is missing. */
	static class NoValidator implements Validator {

		@Override
		public boolean supports(Class<?> type) {
			return false;
		}

		@Override
		public void validate(Object target, Errors errors) {
		}

	}

}
