package io.liftbridge.spring.listener;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

class OutageLogTests {

	@Test
	void toleratesThatTheTimerHasEnded() {
		ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
		timer.shutdownNow();
		OutageLog log = new OutageLog("late", timer);
		assertThatCode(() -> log.note(OutageLog.Kind.INTERRUPTED, "readings", 0, "the broker is gone"))
			.doesNotThrowAnyException();
	}

	@Test
	void writesOneLineForAllPartitions() {
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		Logger logger = (Logger) LoggerFactory.getLogger(OutageLog.class);
		logger.addAppender(lines);
		ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
		try {
			OutageLog log = new OutageLog("live", timer);
			for (int i = 3; i >= 0; i--) {
				log.note(OutageLog.Kind.INTERRUPTED, "readings", i, "the broker is gone");
			}
			log.note(OutageLog.Kind.INTERRUPTED, "alerts", 0, "another reason");
			log.note(OutageLog.Kind.LIVE, "alerts", 0, null);
			eventually(() -> assertThat(List.copyOf(lines.list)).extracting(ILoggingEvent::getFormattedMessage)
				.containsExactly(
						"Listener 'live' receives nothing from {alerts=[0], readings=[0, 1, 2, 3]}, trying again:"
								+ " the broker is gone",
						"Listener 'live' is live again on {alerts=[0]}"));
		}
		finally {
			logger.detachAppender(lines);
			timer.shutdownNow();
		}
	}

}
