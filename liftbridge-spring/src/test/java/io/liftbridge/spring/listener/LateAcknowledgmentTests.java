package io.liftbridge.spring.listener;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import io.liftbridge.spring.support.Acknowledgment;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listeners that acknowledge long after they have returned, or never.
 */
class LateAcknowledgmentTests extends EmbeddedBrokerTest {

	private static final String HELD_BACK = "nothing is delivered until more is acknowledged: waiting are 3 message(s)"
			+ " from offset ";

	@Test
	void afterAStopTheyCountForNobody() {
		stream(1);
		Keeper keeper = new Keeper();
		try (TestApplication app = application().listener(keeper).start()) {
			send(app, 0, 2);
			eventually(() -> assertThat(keeper.texts).hasSize(2));
			app.container("keeper").stop();
			List<Acknowledgment> before = List.copyOf(keeper.given);
			before.get(0).acknowledge();
			app.container("keeper").start();
			// Nor after the next start, which delivers all of it again.
			eventually(() -> assertThat(keeper.texts).containsExactly("m0", "m1", "m0", "m1"));
			before.get(1).acknowledgeCumulative();
			assertThat(app.cursor("keeper", this.stream, 0)).isEqualTo(-1);
			keeper.given.stream().skip(2).forEach(Acknowledgment::acknowledge);
			eventually(() -> assertThat(app.cursor("keeper", this.stream, 0)).isEqualTo(1));
			app.container("keeper").stop();
			app.container("keeper").start();
			send(app, 2, 1);
			eventually(() -> assertThat(keeper.texts).containsExactly("m0", "m1", "m0", "m1", "m2"));
		}
	}

	@Test
	void withTooManyOutstandingAPartitionWaitsAndSaysSo() {
		broker.createStream(this.stream, 2);
		Keeper keeper = new Keeper();
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		Logger logger = (Logger) LoggerFactory.getLogger(PartitionDelivery.class);
		logger.addAppender(lines);
		try (TestApplication app = application()
			.factory((factory) -> factory.getContainerProperties().setMaxUnacknowledged(3))
			.listener(keeper)
			.start()) {
			send(app, 0, 5);
			eventually(() -> assertThat(app.status("keeper", 0).lastError()).isEqualTo(HELD_BACK + "0 on"));
			assertThat(keeper.texts).containsExactly("m0", "m1", "m2");
			assertThat(app.status("keeper", 0).state()).isEqualTo(PartitionState.LIVE);
			// Others go on.
			app.template().newMessage("other").stream(this.stream).partition(1).send().join();
			eventually(() -> assertThat(keeper.texts).contains("other"));
			// All at once: with half of them others come.
			keeper.given.stream().skip(2).findFirst().orElseThrow().acknowledgeCumulative();
			eventually(() -> assertThat(keeper.texts).hasSize(6).contains("m3", "m4"));
			send(app, 5, 3);
			eventually(() -> assertThat(app.status("keeper", 0).lastError()).isEqualTo(HELD_BACK + "3 on"));
			// A restart forgets what it gave out, and delivers it again.
			app.container("keeper").stop();
			assertThat(app.cursor("keeper", this.stream, 0)).isEqualTo(2);
			keeper.texts.clear();
			keeper.given.clear();
			app.container("keeper").start();
			eventually(() -> assertThat(keeper.texts).contains("m3", "m4", "m5"));
			keeper.given.forEach(Acknowledgment::acknowledge);
			eventually(() -> assertThat(keeper.texts).contains("m6", "m7"));
			eventually(() -> assertThat(app.status("keeper", 0).lastError()).isNull());
		}
		finally {
			logger.detachAppender(lines);
		}
		assertThat(lines.list).filteredOn((line) -> line.getLevel() == Level.WARN)
			.extracting(ILoggingEvent::getFormattedMessage)
			.first()
			.asString()
			.isEqualTo("Listener 'keeper' has not acknowledged 3 message(s) from offset 0 on of " + this.stream
					+ "/0, and gets no more of it until there are half as many: acknowledge each message when it is"
					+ " processed, or set maxUnacknowledged (liftbridge.listener.max-unacknowledged), now 3, to more,"
					+ " or to 0 for any number");
		// Once for each start at the most, not each time.
		assertThat(lines.list).filteredOn((line) -> line.getLevel() == Level.WARN).hasSizeLessThanOrEqualTo(2);
	}

	private void send(TestApplication app, int first, int count) {
		for (int i = first; i < first + count; i++) {
			app.template().newMessage("m" + i).stream(this.stream).partition(0).send().join();
		}
	}

	static class Keeper {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final Queue<Acknowledgment> given = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "keeper", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			this.given.add(acknowledgment);
			this.texts.add(text);
		}

	}

}
