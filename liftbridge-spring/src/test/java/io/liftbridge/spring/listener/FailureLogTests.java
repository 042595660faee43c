package io.liftbridge.spring.listener;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.liftbridge.spring.CapturedLog;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.BatchListenerFailedException;
import io.liftbridge.spring.listener.delivery.ContainerStoppingErrorHandler;
import io.liftbridge.spring.listener.delivery.DeadLetterPublisher;
import io.liftbridge.spring.listener.delivery.DefaultErrorHandler;
import io.liftbridge.spring.listener.delivery.LoggingRecoverer;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says of messages that fail.
 */
class FailureLogTests extends EmbeddedBrokerTest {

	@Test
	void theLineThatGivesUpSaysWhereTheListenerFailed() {
		stream(1);
		try (CapturedLog log = CapturedLog.of(DeadLetterPublisher.class);
				TestApplication app = application().listener(new Failing()).start()) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(log.events(Level.WARN)).singleElement().satisfies((event) -> {
				assertThat(event.getFormattedMessage()).contains("gave up " + this.stream + "/0@0")
					.contains("IllegalStateException: no table");
				assertThat(event.getThrowableProxy().getMessage()).isEqualTo("no table");
				assertThat(event.getThrowableProxy().getStackTraceElementProxyArray()[0].getSTEAsString())
					.contains("FailureLogTests");
			}));
		}
	}

	@Test
	void theLineNamesTheCauseOfTheElementThatFailed() {
		stream(1);
		try (CapturedLog log = CapturedLog.of(DeadLetterPublisher.class);
				TestApplication app = application().listener(new FailingBatch()).start()) {
			app.template().send(this.stream, "bad").join();
			eventually(() -> assertThat(log.lines(Level.WARN)).singleElement()
				.asString()
				.endsWith("BatchListenerFailedException: bad one, caused by IllegalStateException: no table"));
		}
	}

	@Test
	void nothingOfAMessageIsLoggedThatCannotBeConverted() {
		stream(1);
		try (CapturedLog log = CapturedLog.of(DeadLetterPublisher.class);
				CapturedLog last = CapturedLog.of(LoggingRecoverer.class)) {
			try (TestApplication app = application().listener(new Typed()).start()) {
				app.template().send(this.stream, "{\"value\": \"secret\"}").join();
				eventually(
						() -> assertThat(log.events(Level.WARN)).singleElement().satisfies(FailureLogTests::isQuiet));
			}
			try (TestApplication app = application().listener(new Typed())
				.factory((factory) -> factory
					.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(1, 0), new LoggingRecoverer())))
				.start()) {
				app.template().send(this.stream, "{\"value\": \"secret\"}").join();
				eventually(
						() -> assertThat(last.events(Level.ERROR)).singleElement().satisfies(FailureLogTests::isQuiet));
			}
		}
	}

	@Test
	void nothingOfAMessageIsLoggedWhereAContainerStopsForIt() {
		stream(1);
		try (CapturedLog log = CapturedLog.of(DefaultListenerContainer.class);
				TestApplication app = application().listener(new Typed())
					.factory((factory) -> factory.setErrorHandler(new ContainerStoppingErrorHandler()))
					.start()) {
			app.template().send(this.stream, "{\"value\": \"secret\"}").join();
			eventually(() -> assertThat(log.events(Level.ERROR)).singleElement().satisfies((event) -> {
				assertThat(event.getFormattedMessage()).contains("has failed and is stopped: ")
					.doesNotContain("secret");
				assertThat(event.getThrowableProxy()).isNull();
			}));
		}
	}

	private static void isQuiet(ILoggingEvent event) {
		assertThat(event.getFormattedMessage()).contains("PayloadConversionException: Cannot read 19 bytes as JSON")
			.doesNotContain("secret");
		assertThat(event.getThrowableProxy()).isNull();
	}

	@Test
	void aFloodOfFailuresDoesNotFillTheLogWithStackTraces() {
		stream(1);
		try (CapturedLog log = CapturedLog.of(LoggingRecoverer.class);
				TestApplication app = application().listener(new Failing())
					.factory((factory) -> factory
						.setErrorHandler(new DefaultErrorHandler(new FixedBackOff(1, 0), new LoggingRecoverer())))
					.start()) {
			for (int i = 0; i < 30; i++) {
				app.template().send(this.stream, "bad");
			}
			eventually(() -> assertThat(log.events(Level.ERROR)).hasSizeGreaterThanOrEqualTo(30));
			// Ten a minute, and it may take more than one.
			assertThat(log.events(Level.ERROR)).filteredOn((event) -> event.getThrowableProxy() != null)
				.hasSizeBetween(10, 29);
			assertThat(log.lines(Level.ERROR)).allMatch((line) -> line.contains("no table"));
		}
	}

	record Reading(int value) {
	}

	static class Failing {

		@LiftbridgeListener(streams = "${in}")
		void on(String text) {
			throw new IllegalStateException("no table");
		}

	}

	static class FailingBatch {

		@LiftbridgeListener(streams = "${in}", batch = "true")
		void on(List<String> texts) {
			throw new BatchListenerFailedException("bad one", new IllegalStateException("no table"), 0);
		}

	}

	static class Typed {

		@LiftbridgeListener(streams = "${in}")
		void on(Reading reading) {
		}

	}

}
