package io.liftbridge.spring.listener;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.BatchListenerFailedException;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import org.junit.jupiter.api.Test;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each kind of message that a listener cannot process, among others that it can: alone
 * and within batches.
 */
class PoisonTests extends EmbeddedBrokerTest {

	/** Each with how often the listener sees it before it succeeds or is given up. */
	private static final List<String> VALUES = List.of("{\"value\":1}", "unparsable", "{\"value\":-1}",
			"{\"value\":666}", "{\"value\":2}", "{\"value\":333}", "{\"value\":999}", "[]", "{\"value\":3}");

	@Test
	void oneByOne() {
		Single listener = new Single();
		check(listener, listener.readings);
		assertThat(listener.attempts).containsEntry(666, 3).containsEntry(333, 2).containsEntry(999, 3);
	}

	@Test
	void withinBatches() {
		Lists listener = new Lists();
		check(listener, listener.readings);
		// Those of a batch that are before the one that failed are not delivered again.
		assertThat(listener.readings).doesNotHaveDuplicates();
	}

	@Test
	void inBatchesOfWhichNothingIsLeft() {
		stream(1);
		Lists listener = new Lists();
		try (TestApplication app = start(listener)) {
			app.template().send(this.stream, "unparsable").join();
			app.template().send(this.stream, "{\"value\":-1}").join();
			eventually(() -> assertThat(app.cursor("poison", this.stream, 0)).isEqualTo(1));
			assertThat(listener.readings).isEmpty();
			assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(2);
		}
	}

	/** Nobody knows which of them it was: all are tried again, then given up. */
	@Test
	void inBatchesThatFailAsAWhole() {
		stream(1);
		Whole listener = new Whole();
		try (TestApplication app = start(listener)) {
			app.container("poison").pause();
			List.of("{\"value\":333}", "unparsable", "{\"value\":1}")
				.forEach((value) -> app.template().send(this.stream, value).join());
			app.container("poison").resume();
			eventually(() -> assertThat(app.cursor("poison", this.stream, 0)).isEqualTo(2));
			assertThat(listener.readings).containsExactly(333, 1);
			assertThat(app.messages(this.stream + ".dlt", 0)).extracting(ReceivedMessage::text)
				.containsExactly("unparsable");
			app.template().send(this.stream, "{\"value\":999}").join();
			app.template().send(this.stream, "{\"value\":666}").join();
			app.template().send(this.stream, "{\"value\":4}").join();
			eventually(() -> assertThat(app.cursor("poison", this.stream, 0)).isEqualTo(5));
			List<ReceivedMessage<byte[]>> letters = app.messages(this.stream + ".dlt", 0);
			assertThat(cause(letters, "3")).endsWith("Error");
			assertThat(letters).extracting(ReceivedMessage::text).contains("{\"value\":666}");
			assertThat(listener.attempts).containsEntry(999, 3);
			app.template().send(this.stream, "{\"value\":5}").join();
			eventually(() -> assertThat(listener.readings).contains(5));
		}
	}

	private void check(Object listener, Queue<Integer> readings) {
		stream(1);
		try (TestApplication app = application().start()) {
			VALUES.forEach((value) -> app.template().send(this.stream, value).join());
		}
		try (TestApplication app = start(listener)) {
			eventually(() -> assertThat(app.cursor("poison", this.stream, 0)).isEqualTo(VALUES.size() - 1));
			assertThat(readings).containsExactly(1, 2, 333, 3);
			List<ReceivedMessage<byte[]>> letters = app.messages(this.stream + ".dlt", 0);
			assertThat(letters).extracting((letter) -> letter.headers().text(LiftbridgeHeaders.DLT_OFFSET))
				.containsExactlyInAnyOrder("1", "2", "3", "6", "7");
			assertThat(letters).extracting(ReceivedMessage::text)
				.containsExactlyInAnyOrder(VALUES.get(1), VALUES.get(2), VALUES.get(3), VALUES.get(6), VALUES.get(7));
			assertThat(cause(letters, "1")).endsWith("PayloadConversionException");
			assertThat(cause(letters, "2")).endsWith("MethodArgumentNotValidException");
			assertThat(cause(letters, "6")).isIn(StackOverflowError.class.getName(),
					BatchListenerFailedException.class.getName());
			assertThat(letters).allSatisfy((letter) -> assertThat(letter.headers().names())
				.contains(LiftbridgeHeaders.DLT_ATTEMPTS, LiftbridgeHeaders.DLT_EXCEPTION_TRACE));
			eventually(() -> assertThat(app.status("poison", 0).state()).isEqualTo(PartitionState.LIVE));
		}
	}

	private TestApplication start(Object listener) {
		return application().bean("validator", LocalValidatorFactoryBean.class, LocalValidatorFactoryBean::new)
			.listener(listener)
			.start();
	}

	private static String cause(List<ReceivedMessage<byte[]>> letters, String offset) {
		return letters.stream()
			.filter((letter) -> offset.equals(letter.headers().text(LiftbridgeHeaders.DLT_OFFSET)))
			.map((letter) -> letter.headers().text(LiftbridgeHeaders.DLT_EXCEPTION_CLASS))
			.findFirst()
			.orElseThrow();
	}

	record Reading(@Min(0) int value) {
	}

	abstract static class Poisoned {

		final Queue<Integer> readings = new ConcurrentLinkedQueue<>();

		final Map<Integer, Integer> attempts = new ConcurrentHashMap<>();

		/** Throws always, for a while, or an error. */
		void process(Reading reading) {
			int attempt = this.attempts.merge(reading.value(), 1, Integer::sum);
			if (reading.value() == 666 || (reading.value() == 333 && attempt < 2)) {
				throw new IllegalStateException("no " + reading.value() + " here");
			}
			if (reading.value() == 999) {
				throw new StackOverflowError("deep");
			}
			this.readings.add(reading.value());
		}

	}

	static class Single extends Poisoned {

		@LiftbridgeListener(id = "poison", streams = "${in}")
		void on(@Valid Reading reading) {
			process(reading);
		}

	}

	static class Lists extends Poisoned {

		@LiftbridgeListener(id = "poison", streams = "${in}", batch = "true")
		void on(@Valid List<Reading> batch) {
			List<Reading> present = new ArrayList<>(batch);
			for (int i = 0; i < present.size(); i++) {
				try {
					process(present.get(i));
				}
				catch (RuntimeException | Error ex) {
					throw new BatchListenerFailedException("at " + i, ex, i);
				}
			}
		}

	}

	static class Whole extends Poisoned {

		@LiftbridgeListener(id = "poison", streams = "${in}", batch = "true")
		void on(@Valid List<Reading> batch) {
			batch.forEach(this::process);
		}

	}

}
