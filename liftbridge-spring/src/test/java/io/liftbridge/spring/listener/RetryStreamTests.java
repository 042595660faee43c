package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.core.DefaultProducerFactory;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.RetryStream;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RetryStreamTests extends EmbeddedBrokerTest {

	private LiftbridgeClient client;

	private DefaultProducerFactory producers;

	@BeforeEach
	void open() {
		this.client = LiftbridgeClient.builder().seeds(broker.address()).build();
		this.producers = new DefaultProducerFactory(this.client);
	}

	@AfterEach
	void close() throws Exception {
		this.producers.destroy();
		this.client.close();
	}

	@Test
	void aMessageComesAgainWhenItIsDueWithoutHoldingUpThoseBehindIt() {
		stream(2);
		FailsAtFirst listener = new FailsAtFirst(2);
		try (TestApplication app = start(listener, Duration.ofSeconds(1), 3)) {
			send(app, "bad");
			send(app, "after");
			eventually(() -> assertThat(listener.seen).extracting(Seen::text).containsExactly("bad", "after"));
			eventually(() -> assertThat(app.cursor("first", this.stream, 1)).isEqualTo(1));
			eventually(() -> assertThat(listener.seen).extracting(Seen::text)
				.containsExactly("bad", "after", "bad", "bad"));
			// As it was, though it comes from elsewhere.
			assertThat(listener.seen).filteredOn((seen) -> seen.text().equals("bad"))
				.extracting(Seen::place)
				.containsOnly(this.stream + "/1@0");
			assertThat(listener.seen).filteredOn((seen) -> seen.text().equals("bad"))
				.extracting(Seen::attempts)
				.containsExactly("0", "1", "2");
			List<Seen> bad = listener.seen.stream().filter((seen) -> seen.text().equals("bad")).toList();
			assertThat(bad.get(1).nanos() - bad.get(0).nanos()).isGreaterThan(Duration.ofMillis(990).toNanos());
			eventually(() -> assertThat(app.cursor("first", this.stream + ".retry", 1)).isEqualTo(1));
			assertThat(app.client().streams().exists(this.stream + ".dlt")).isFalse();
			assertThat(app.messages(this.stream + ".retry", 1).get(0).headers().names()).contains(
					LiftbridgeHeaders.RETRY_STREAM, LiftbridgeHeaders.RETRY_PARTITION, LiftbridgeHeaders.RETRY_OFFSET,
					LiftbridgeHeaders.RETRY_TIMESTAMP, LiftbridgeHeaders.RETRY_DUE, LiftbridgeHeaders.RETRY_ROUND,
					LiftbridgeHeaders.RETRY_EXCEPTION_CLASS);
		}
	}

	@Test
	void afterTheLastRoundItBecomesADeadLetterWithItsOriginalPlace() {
		stream(2);
		FailsAtFirst listener = new FailsAtFirst(100);
		try (TestApplication app = start(listener, Duration.ofMillis(50), 2)) {
			send(app, "bad");
			String dlt = this.stream + ".dlt";
			eventually(() -> assertThat(app.messages(dlt, 1)).hasSize(1));
			assertThat(listener.seen).hasSize(3);
			ReceivedMessage<byte[]> letter = app.messages(dlt, 1).get(0);
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_STREAM)).isEqualTo(this.stream);
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_PARTITION)).isEqualTo("1");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_OFFSET)).isEqualTo("0");
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_TIMESTAMP))
				.isEqualTo(app.messages(this.stream, 1).get(0).timestamp().toString());
			assertThat(letter.headers().text(LiftbridgeHeaders.DLT_ATTEMPTS)).isEqualTo("3");
			assertThat(letter.headers().names()).noneMatch((name) -> name.startsWith("liftbridge_retry_"));
			assertThat(app.client().streams().exists(this.stream + ".retry.dlt")).isFalse();
			assertThat(app.client().streams().exists(this.stream + ".retry.retry")).isFalse();
		}
	}

	@Test
	void whatWouldFailAgainIsNotTriedLater() {
		stream(1);
		try (TestApplication app = start(new Typed(), Duration.ofMillis(50), 2)) {
			app.template().send(this.stream, "no JSON").join();
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(1));
			assertThat(app.messages(this.stream + ".retry", 0)).isEmpty();
		}
	}

	@Test
	void eachListenerOfAStreamGetsOnlyWhatItHasFailedOnItself() {
		stream(1);
		Two listener = new Two();
		try (TestApplication app = start(listener, Duration.ofMillis(50), 2)) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(app.cursor("fails", this.stream + ".retry", 0)).isEqualTo(1));
			eventually(() -> assertThat(app.cursor("succeeds", this.stream + ".retry", 0)).isEqualTo(1));
			assertThat(listener.failing).hasSize(3);
			assertThat(listener.succeeding).hasSize(1);
		}
	}

	@Test
	void anErrorInALateDeliveryIsAFailureAsAnyOther() {
		stream(1);
		Erring listener = new Erring();
		try (TestApplication app = start(listener, Duration.ofMillis(50), 2)) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(app.messages(this.stream + ".dlt", 0)).hasSize(1));
			assertThat(app.messages(this.stream + ".dlt", 0).get(0).headers().text(LiftbridgeHeaders.DLT_ATTEMPTS))
				.isEqualTo("3");
			eventually(() -> assertThat(app.cursor("erring", this.stream + ".retry", 0)).isEqualTo(1));
			app.template().send(this.stream, "once").join();
			eventually(() -> assertThat(app.cursor("erring", this.stream + ".retry", 0)).isEqualTo(2));
			assertThat(listener.texts).containsExactly("bad", "bad", "bad", "once", "once");
			assertThat(app.container("erring").state()).isEqualTo(ContainerState.RUNNING);
		}
	}

	@Test
	void whatWaitsIsNotLostWhenTheApplicationEnds() {
		stream(1);
		FailsAtFirst first = new FailsAtFirst(1);
		try (TestApplication app = start(first, Duration.ofSeconds(3), 2)) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(app.messages(this.stream + ".retry", 0)).hasSize(1));
		}
		assertThat(first.seen).hasSize(1);
		FailsAtFirst second = new FailsAtFirst(0);
		try (TestApplication app = start(second, Duration.ofSeconds(3), 2)) {
			eventually(() -> assertThat(second.seen).extracting(Seen::text).containsExactly("bad"));
		}
	}

	@Test
	void whatWaitsTakesNoThread() {
		stream(1);
		FailsAtFirst listener = new FailsAtFirst(1);
		try (TestApplication app = start(listener, Duration.ofHours(1), 2)) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(app.status("first", 0).newest()).isZero());
			eventually(() -> assertThat(app.container("first").partitions())
				.filteredOn((status) -> status.stream().endsWith(".retry"))
				.singleElement()
				.satisfies((status) -> assertThat(status.newest()).isZero()));
			eventually(() -> assertThat(Thread.getAllStackTraces().entrySet())
				.filteredOn((entry) -> entry.getKey().getName().startsWith("first-"))
				.allSatisfy((entry) -> assertThat(entry.getValue())
					.noneMatch((frame) -> frame.getClassName().contains("PartitionRun"))));
			long begin = System.nanoTime();
			app.container("first").stop();
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
		}
	}

	@Test
	void refusesToBeTheStreamOfDeadLettersAsWell() {
		RetryStream same = new RetryStream(this.client, this.producers, new FixedBackOff(1, 1),
				new DeadLetterPublisher(this.client, this.producers));
		same.setSuffix(".dlt");
		assertThatIllegalStateException()
			.isThrownBy(() -> application().listener(new FailsAtFirst(1))
				.factory((factory) -> factory.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(0, 0), same)))
				.start())
			.withMessageContaining("'" + this.stream + ".dlt' would be both retry stream and dead-letter stream")
			.withMessageContaining("RetryStream.setSuffix");
	}

	private TestApplication start(Object listener, Duration pause, int rounds) {
		ErrorHandler handler = new DefaultErrorHandler(new FixedBackOff(0, 0),
				new RetryStream(this.client, this.producers, new FixedBackOff(pause.toMillis(), rounds),
						new DeadLetterPublisher(this.client, this.producers)));
		return application().listener(listener).factory((factory) -> factory.setErrorHandler(handler)).start();
	}

	private void send(TestApplication app, String text) {
		app.template().newMessage(text).stream(this.stream).partition(1).send().join();
	}

	record Seen(String text, String place, String attempts, long nanos) {
	}

	static class FailsAtFirst {

		final Queue<Seen> seen = new ConcurrentLinkedQueue<>();

		private final int times;

		FailsAtFirst(int times) {
			this.times = times;
		}

		@LiftbridgeListener(id = "first", streams = "${in}")
		void on(ReceivedMessage<String> message,
				@Header(name = LiftbridgeHeaders.RETRY_ATTEMPTS, defaultValue = "0") String attempts) {
			String text = message.value();
			this.seen.add(new Seen(text, message.stream() + "/" + message.partition() + "@" + message.offset(),
					attempts, System.nanoTime()));
			if (text.equals("bad")
					&& this.seen.stream().filter((seen) -> seen.text().equals("bad")).count() <= this.times) {
				throw new IllegalStateException("not yet");
			}
		}

	}

	static class Erring {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "erring", streams = "${in}")
		void on(String text) {
			this.texts.add(text);
			if (text.equals("bad") || this.texts.stream().filter(text::equals).count() == 1) {
				throw new StackOverflowError("never");
			}
		}

	}

	record Reading(int value) {
	}

	static class Typed {

		@LiftbridgeListener(id = "typed", streams = "${in}")
		void on(Reading reading) {
		}

	}

	static class Two {

		final Queue<String> failing = new ConcurrentLinkedQueue<>();

		final Queue<String> succeeding = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "fails", streams = "${in}")
		void fails(String text) {
			this.failing.add(text);
			throw new IllegalStateException("always");
		}

		@LiftbridgeListener(id = "succeeds", streams = "${in}")
		void succeeds(String text) {
			this.succeeding.add(text);
		}

	}

}
