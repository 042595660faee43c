package io.liftbridge.client.consumer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.client.message.StreamNotFoundException;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

class ReporterTests {

	/** Who waits for the end would else wait for ever. */
	@Test
	void tellsTheEndAlthoughThereIsNoThread() {
		List<EndReason> told = new ArrayList<>();
		Reporter reporter = new Reporter(null, new SubscriptionListener() {

			@Override
			public void onEnd(Subscription subscription, EndReason reason) {
				told.add(reason);
			}

		}, false, (task) -> {
			throw new InternalError("no thread");
		});
		reporter.ended(EndReason.STOP_REACHED);
		assertThat(told).containsExactly(EndReason.STOP_REACHED);
		assertThat(reporter.whenStarted()).isCompleted();
		assertThat(reporter.whenEnded()).isCompletedWithValue(EndReason.STOP_REACHED);
	}

	/** A subscription that ends unseen looks like a stream without messages. */
	@Test
	void logsAFailureThatNobodyLooksAt() {
		assertThat(logOfFailure(SubscriptionListener.NONE, false, (reporter) -> {
		})).singleElement().asString().contains("delivers nothing more", "no stream");
		assertThat(logOfFailure(SubscriptionListener.NONE, false, (reporter) -> {
			reporter.observeStart();
			reporter.started();
		})).hasSize(1);
	}

	@Test
	void logsNoFailureThatSomebodyLearnsOf() {
		assertThat(logOfFailure(SubscriptionListener.NONE, false, Reporter::observeEnd)).isEmpty();
		assertThat(logOfFailure(SubscriptionListener.NONE, false, Reporter::observeStart)).isEmpty();
		assertThat(logOfFailure(SubscriptionListener.NONE, true, (reporter) -> {
		})).isEmpty();
		assertThat(logOfFailure(new SubscriptionListener() {
		}, false, (reporter) -> {
		})).isEmpty();
	}

	private static List<String> logOfFailure(SubscriptionListener listener, boolean observed,
			Consumer<Reporter> before) {
		Logger log = (Logger) LoggerFactory.getLogger(Reporter.class);
		Level level = log.getLevel();
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		log.setLevel(Level.ERROR);
		log.addAppender(appender);
		try {
			Reporter reporter = new Reporter(null, listener, observed, Runnable::run);
			before.accept(reporter);
			reporter.failed(new StreamNotFoundException("no stream", null));
		}
		finally {
			log.detachAppender(appender);
			log.setLevel(level);
		}
		return appender.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
	}

}
