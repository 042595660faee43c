package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.BatchListenerFailedException;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class ErrorHandlingTests extends EmbeddedBrokerTest {

	@Test
	void retriesAndThenPublishesADeadLetterThatTellsWhereItComesFrom() {
		broker.createStream(this.stream, 2);
		Failing listener = new Failing("bad");
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage("good").stream(this.stream).partition(1).send();
			app.template().newMessage("bad").stream(this.stream).partition(1).key("k").header("region", "eu").send();
			app.template().newMessage("after").stream(this.stream).partition(1).send();
			eventually(() -> assertThat(listener.texts).containsExactly("good", "bad", "bad", "bad", "after"));
			String dlt = this.stream + ".dlt";
			eventually(() -> assertThat(app.cursor("failing", this.stream, 1)).isEqualTo(2));
			assertThat(app.client().streams().describe(dlt).partitions()).hasSize(2);
			assertThat(app.messages(dlt, 0)).isEmpty();
			ReceivedMessage<byte[]> letter = app.messages(dlt, 1).get(0);
			assertThat(letter.text()).isEqualTo("bad");
			assertThat(letter.keyText()).isEqualTo("k");
			assertThat(letter.headers().text("region")).isEqualTo("eu");
			assertThat(letter.headers().text("content-type")).startsWith("text/plain");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_STREAM)).isEqualTo(this.stream);
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_PARTITION)).isEqualTo("1");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_OFFSET)).isEqualTo("1");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_TIMESTAMP))
				.isEqualTo(app.messages(this.stream, 1).get(1).timestamp().toString());
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_LISTENER_ID)).isEqualTo("failing");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
				.isEqualTo(IllegalStateException.class.getName());
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_MESSAGE)).isEqualTo("no bad here");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_TRACE)).contains("no bad here")
				.contains("ErrorHandlingTests")
				.hasSizeLessThan(4200);
		}
	}

	@Test
	void aMessageThatSucceedsAfterARetryIsNoDeadLetter() {
		stream(1);
		FailingTwice listener = new FailingTwice();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "a");
			app.template().send(this.stream, "b");
			eventually(() -> assertThat(listener.texts).containsExactly("a", "a", "a", "b"));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
			eventually(() -> assertThat(app.status("twice", 0).state()).isEqualTo(PartitionState.LIVE));
		}
	}

	@Test
	void poisonDisturbsNeitherLaterMessagesNorOtherListeners() {
		stream(1);
		Typed listener = new Typed();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, new Reading(1));
			app.template().send(this.stream, "{\"value\":");
			app.template().send(this.stream, "[]");
			app.template().send(this.stream, "null");
			app.template().send(this.stream, new Reading(2));
			eventually(() -> {
				assertThat(listener.readings).containsExactly(new Reading(1), new Reading(2));
				assertThat(listener.texts).hasSize(5);
				assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text)
					.containsExactly("{\"value\":", "[]", "null");
			});
			assertThat(app.messages(this.stream + ".dlt", 0))
				.allSatisfy((letter) -> assertThat(letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
					.endsWith("PayloadConversionException"));
		}
	}

	@Test
	void anErrorIsAFailureToo() {
		stream(1);
		ThrowsError listener = new ThrowsError();
		try (TestApplication app = application().listener(listener).start()) {
			app.template().send(this.stream, "boom");
			app.template().send(this.stream, "fine");
			eventually(() -> assertThat(listener.texts).endsWith("fine").hasSize(4));
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text).containsExactly("boom");
		}
	}

	@Test
	void withoutDeadLettersItLogsAndGoesOn() {
		stream(1);
		Failing listener = new Failing("bad");
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory
				.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(1, 0), new LoggingRecoverer())))
			.start()) {
			app.template().send(this.stream, "bad");
			app.template().send(this.stream, "after");
			eventually(() -> assertThat(listener.texts).containsExactly("bad", "after"));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void aListenerMayHaveAnErrorHandlerOfItsOwn() {
		stream(1);
		OwnHandler listener = new OwnHandler();
		try (TestApplication app = application().listener(listener)
			.bean("lenient", ErrorHandler.class,
					() -> new DefaultErrorHandler(new FixedBackOff(1, 1), new LoggingRecoverer()))
			.start()) {
			app.template().send(this.stream, "bad");
			app.template().send(this.stream, "after");
			eventually(() -> assertThat(listener.texts).containsExactly("bad", "bad", "after"));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
		}
	}

	@Test
	void aPartitionWaitsUntilItsDeadLetterIsStored() {
		stream(1);
		Failing listener = new Failing("bad");
		try (TestApplication app = application().listener(listener).start()) {
			// A stream that refuses everything.
			app.client().streams().create(StreamSpec.named(this.stream + ".dlt"));
			app.client().streams().setReadonly(this.stream + ".dlt", true);
			app.template().send(this.stream, "bad");
			app.template().send(this.stream, "after");
			eventually(() -> {
				PartitionStatus status = app.status("failing", 0);
				assertThat(status.state()).isEqualTo(PartitionState.RECOVERING);
				assertThat(status.lastError()).contains(this.stream + "/0@0").contains("ReadonlyPartition");
			});
			assertThat(listener.texts).doesNotContain("after");
			assertThat(app.cursor("failing", this.stream, 0)).isEqualTo(-1);
			app.client().streams().setReadonly(this.stream + ".dlt", false);
			eventually(() -> assertThat(listener.texts).endsWith("after"));
			assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(1);
			eventually(() -> assertThat(app.status("failing", 0).state()).isEqualTo(PartitionState.LIVE));
		}
	}

	@Test
	void aDeadLetterTooLargeForItsHeadersLosesSomeOfThem() {
		stream(1);
		Failing listener = new Failing("x".repeat((1 << 20) - 1000));
		try (TestApplication app = application().listener(listener).start()) {
			app.template().newMessage(listener.bad).stream(this.stream).send().join();
			app.template().send(this.stream, "after");
			eventually(() -> assertThat(listener.texts).endsWith("after"));
			ReceivedMessage<byte[]> letter = app.messages(this.stream + ".dlt", 0).get(0);
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_OFFSET)).isEqualTo("0");
			assertThat(letter.headers().get(LiftbridgeHeaders.DLT_EXCEPTION_TRACE)).isNull();
			assertThat(letter.text()).isEqualTo(listener.bad);
		}
	}

	@Test
	void aFailedDeadLetterIsNotPublishedAgain() {
		broker.createStream(this.stream + ".dlt", 1);
		Failing listener = new Failing("bad");
		try (TestApplication app = application().property("in", this.stream + ".dlt").listener(listener).start()) {
			app.template().send(this.stream + ".dlt", "bad");
			app.template().send(this.stream + ".dlt", "after");
			eventually(() -> assertThat(listener.texts).endsWith("after"));
			assertThat(app.client().streams().exists(this.stream + ".dlt.dlt")).isFalse();
		}
	}

	@Test
	void aFailingBatchIsRetriedAsAWholeAndThenDeadLetteredMessageByMessage() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, "a", "bad", "c");
		}
		FailingBatch listener = new FailingBatch(-1);
		try (TestApplication app = application().listener(listener).start()) {
			eventually(() -> assertThat(app.cursor("batch", this.stream, 0)).isEqualTo(2));
			// Usually all three, but they may arrive in two batches.
			List<String> whole = listener.batches.stream()
				.filter((batch) -> batch.contains("bad"))
				.findFirst()
				.orElseThrow();
			assertThat(listener.batches).filteredOn((batch) -> batch.contains("bad")).hasSize(3).containsOnly(whole);
			assertThat(texts(listener.batches.stream().distinct())).containsExactly("a", "bad", "c");
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text).isEqualTo(whole);
			send(app, "d");
			eventually(() -> assertThat(listener.batches).endsWith(List.of("d")));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aBatchListenerCanTellWhichElementFailed(boolean wrapped) {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, "a", "b", "bad", "d");
		}
		FailingBatch listener = new FailingBatch(wrapped ? 1 : 0);
		try (TestApplication app = application().listener(listener).start()) {
			eventually(() -> assertThat(app.cursor("batch", this.stream, 0)).isEqualTo(3));
			// Usually [a, b, bad, d], [bad, d], [bad, d], [d], but they may arrive in
			// more
			// batches.
			List<List<String>> failing = listener.batches.stream().filter((batch) -> batch.contains("bad")).toList();
			assertThat(failing).hasSize(3);
			assertThat(failing.get(1)).isEqualTo(failing.get(2)).startsWith("bad");
			assertThat(texts(listener.batches.stream())).containsOnlyOnce("a", "b")
				.startsWith("a", "b", "bad")
				.endsWith("d");
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text).containsExactly("bad");
		}
	}

	@Test
	void poisonInABatchIsDeadLetteredAloneAndTheRestIsDelivered() {
		stream(1);
		try (TestApplication app = application().start()) {
			app.template().send(this.stream, new Reading(1)).join();
			app.template().send(this.stream, "poison").join();
			app.template().send(this.stream, new Reading(3)).join();
			app.template().send(this.stream, "more poison").join();
		}
		TypedBatch listener = new TypedBatch();
		try (TestApplication app = application().listener(listener).start()) {
			eventually(() -> assertThat(app.cursor("typed", this.stream, 0)).isEqualTo(3));
			assertThat(listener.batches.stream().flatMap(List::stream)).containsExactly(new Reading(1), new Reading(3));
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text)
				.containsExactly("poison", "more poison");
		}
	}

	@Test
	void aPartitionInBackOffDoesNotHoldUpOthersOfTheSameThread() {
		broker.createStream(this.stream, 2);
		Failing listener = new Failing("bad");
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory.setErrorHandler(new DefaultErrorHandler(
					new FixedBackOff(Duration.ofMinutes(5).toMillis(), 3), new LoggingRecoverer())))
			.start()) {
			app.template().newMessage("bad").stream(this.stream).partition(0).send();
			eventually(() -> assertThat(app.status("failing", 0).state()).isEqualTo(PartitionState.RETRYING));
			assertThat(app.container("failing").properties().getConcurrency()).isEqualTo(1);
			app.template().newMessage("other").stream(this.stream).partition(1).send();
			eventually(() -> assertThat(listener.texts).containsExactly("bad", "other"));
			assertThat(app.status("failing", 0).lastError()).contains("no bad here");
		}
	}

	private static List<String> texts(Stream<List<String>> batches) {
		return batches.flatMap(List::stream).toList();
	}

	private void send(TestApplication app, String... texts) {
		for (String text : texts) {
			app.template().send(this.stream, text).join();
		}
	}

	record Reading(int value) {
	}

	static class Failing {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final String bad;

		Failing(String bad) {
			this.bad = bad;
		}

		@LiftbridgeListener(id = "failing", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals(this.bad)) {
				throw new IllegalStateException("no bad here");
			}
		}

	}

	static class OwnHandler {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "own", streams = "${in}", errorHandler = "lenient")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("bad")) {
				throw new IllegalStateException("no bad here");
			}
		}

	}

	static class FailingTwice {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "twice", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (this.texts.size() < 3) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	static class ThrowsError {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "error", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("boom")) {
				throw new StackOverflowError("deep");
			}
		}

	}

	static class Typed {

		final Queue<Reading> readings = new ConcurrentLinkedQueue<>();

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}")
		void typed(Reading reading) {
			this.readings.add(reading);
		}

		@LiftbridgeListener(streams = "${in}")
		void text(String text) {
			this.texts.add(text);
		}

	}

	static class TypedBatch {

		final Queue<List<Reading>> batches = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "typed", streams = "${in}", batch = "true")
		void on(List<Reading> batch) {
			this.batches.add(batch);
		}

	}

	/** Tells the index if it is told one, and says it by way of another if that is 1. */
	static class FailingBatch {

		final Queue<List<String>> batches = new ConcurrentLinkedQueue<>();

		private final int index;

		FailingBatch(int index) {
			this.index = index;
		}

		@LiftbridgeListener(id = "batch", streams = "${in}", batch = "true")
		void on(List<String> batch) {
			this.batches.add(new ArrayList<>(batch));
			int bad = batch.indexOf("bad");
			if (bad >= 0 && this.index < 0) {
				throw new IllegalStateException("somewhere");
			}
			if (bad >= 0) {
				BatchListenerFailedException failure = new BatchListenerFailedException("there", null, bad);
				throw (this.index > 0) ? new IllegalStateException("said by a proxy", failure) : failure;
			}
		}

	}

}
