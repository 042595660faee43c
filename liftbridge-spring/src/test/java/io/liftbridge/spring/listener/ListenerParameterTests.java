package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import io.liftbridge.spring.support.ListenerContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;
import static java.nio.charset.StandardCharsets.UTF_8;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ListenerParameterTests extends EmbeddedBrokerTest {

	@Test
	void deliversHeadersOfABatchAsLists() {
		stream(1);
		HeaderLists listener = new HeaderLists();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("a").stream(this.stream).header("n", "1").header("region", "eu").send().join();
			app.template().newMessage("b").stream(this.stream).send().join();
			app.template().newMessage("c").stream(this.stream).header("n", "many").send().join();
			app.template().newMessage("d").stream(this.stream).header("n", 4).send().join();
			eventually(() -> assertThat(listener.calls).containsExactly("a 0 1 eu", "d 3 4 null"));
			// Where a header is missing or wrong, only its message is put aside.
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text)
				.containsExactly("b", "c");
		}
	}

	@Test
	void tellsWhereAndInWhichAttemptItIsCalled() {
		stream(1);
		Contexts listener = new Contexts();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "a").join();
			app.template().send(this.stream, "b").join();
			eventually(() -> assertThat(listener.single).containsExactly("a 1", "a 2", "b 1"));
			eventually(() -> assertThat(listener.batches).first().isEqualTo("1"));
			eventually(() -> assertThat(listener.batches).contains("2"));
			assertThat(listener.context.listenerId()).isEqualTo("single");
			assertThat(listener.context.stream()).isEqualTo(this.stream);
			assertThat(listener.context.partition()).isZero();
		}
	}

	@Test
	void takesNothingForAnEmptyValueWhereTheParameterSaysSo() {
		stream(1);
		Nothing listener = new Nothing();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new byte[0]).join();
			app.template().send(this.stream, new Reading("cpu", 1)).join();
			eventually(() -> assertThat(listener.calls).containsExactlyInAnyOrder("nullable null", "nullable cpu",
					"optional empty", "optional cpu", "record 0 empty", "record 1 cpu", "message empty", "message cpu",
					"text empty", "text present", "null", "cpu", "empty", "cpu"));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void aJsonNullIsNothingAlsoWhereNobodySaysThatItIsJson() {
		stream(1);
		Nothing listener = new Nothing();
		try (TestApplication app = application().listener(listener).start()) {
			app.client()
				.producer(this.stream)
				.build()
				.send(io.liftbridge.client.message.Message.of("null".getBytes(UTF_8)))
				.join();
			eventually(() -> assertThat(listener.calls).containsExactlyInAnyOrder("nullable null", "optional empty",
					"record 0 empty", "message empty", "text present", "null", "empty"));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void validatesWhatIsInsideOfPayloads() {
		stream(1);
		ValidatedInside listener = new ValidatedInside();
		try (TestApplication app = application().listener(listener)
			.bean("validator", LocalValidatorFactoryBean.class, LocalValidatorFactoryBean::new)
			.start()) {
			app.template().send(this.stream, List.of(new Checked(1), new Checked(-1), new Checked(-2))).join();
			app.template().send(this.stream, List.of(new Checked(5))).join();
			eventually(() -> assertThat(listener.calls).containsExactlyInAnyOrder("list 1", "array 1", "optional 1"));
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(3));
			assertThat(app.messages(this.stream + ".dlt", 0))
				.extracting((message) -> message.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE))
				.contains("parameter 1 (List several): [1].value must be greater than or equal to 0,"
						+ " [2].value must be greater than or equal to 0");
		}
	}

	record Reading(String metric, int value) {
	}

	record Checked(@Min(0) int value) {
	}

	static class HeaderLists {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts, @Header(LiftbridgeHeaders.OFFSET) List<Long> offsets,
				@Header("n") List<Integer> numbers, @Header(name = "region", required = false) List<String> regions) {
			for (int i = 0; i < texts.size(); i++) {
				this.calls.add(texts.get(i) + " " + offsets.get(i) + " " + (int) numbers.get(i) + " " + regions.get(i));
			}
		}

	}

	static class Contexts {

		final Queue<String> single = new ConcurrentLinkedQueue<>();

		final Queue<String> batches = new ConcurrentLinkedQueue<>();

		volatile ListenerContext context;

		@LiftbridgeListener(id = "single", streams = "${in}")
		void single(String text, ListenerContext context) {
			this.context = context;
			this.single.add(text + " " + context.attempt());
			if (text.equals("a") && context.attempt() == 1) {
				throw new IllegalStateException("Not yet");
			}
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void batch(List<String> texts, ListenerContext context) {
			this.batches.add("" + context.attempt());
			if (texts.contains("a") && context.attempt() == 1) {
				throw new IllegalStateException("Not yet");
			}
		}

	}

	static class Nothing {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void nullable(@Nullable Reading reading) {
			this.calls.add("nullable " + ((reading != null) ? reading.metric() : null));
		}

		@LiftbridgeListener(streams = "${in}")
		void optional(Optional<Reading> reading) {
			this.calls.add("optional " + name(reading));
		}

		@LiftbridgeListener(streams = "${in}")
		void received(ReceivedMessage<Optional<Reading>> message) {
			this.calls.add("record " + message.offset() + " " + name(message.value()));
		}

		@LiftbridgeListener(streams = "${in}")
		void message(Message<Optional<Reading>> message) {
			this.calls.add("message " + name(message.getPayload()));
		}

		@LiftbridgeListener(streams = "${in}")
		void text(Optional<String> text) {
			this.calls.add("text " + (text.isPresent() ? "present" : "empty"));
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void nullables(List<@Nullable Reading> readings) {
			readings.forEach((reading) -> this.calls.add((reading != null) ? reading.metric() : "null"));
		}

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void optionals(List<Optional<Reading>> readings) {
			readings.forEach((reading) -> this.calls.add(name(reading)));
		}

		private static String name(Optional<Reading> reading) {
			return reading.map(Reading::metric).orElse("empty");
		}

	}

	static class ValidatedInside {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void list(@Valid List<Checked> several) {
			this.calls.add("list " + several.size());
		}

		@LiftbridgeListener(streams = "${in}")
		void array(@Valid Checked[] several) {
			this.calls.add("array " + several.length);
		}

		@LiftbridgeListener(streams = "${in}")
		void optional(@Valid Optional<List<Checked>> several) {
			this.calls.add("optional " + several.orElseThrow().size());
		}

	}

}
