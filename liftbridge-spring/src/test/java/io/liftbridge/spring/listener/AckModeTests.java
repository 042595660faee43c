package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.delivery.ListenerMetrics;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.messaging.handler.annotation.Header;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AckModeTests extends EmbeddedBrokerTest {

	@Test
	void recordModeStoresEachPositionAndGoesOnBehindIt() {
		stream(1);
		Collector first = new Collector();
		try (TestApplication app = application().property("mode", "RECORD").listener(first).start()) {
			send(app, 0, 5);
			eventually(() -> assertThat(first.texts).hasSize(5));
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(4));
			// The answer of the broker may still be on its way.
			eventually(() -> assertThat(app.status("collector", 0)).satisfies((status) -> {
				assertThat(status.position()).isEqualTo(4);
				assertThat(status.stored()).isEqualTo(4);
				assertThat(status.state()).isEqualTo(PartitionState.LIVE);
				assertThat(status.lastError()).isNull();
			}));
		}
		Collector second = new Collector();
		try (TestApplication app = application().property("mode", "RECORD").listener(second).start()) {
			send(app, 5, 2);
			eventually(() -> assertThat(second.texts).containsExactly("m5", "m6"));
		}
	}

	@Test
	void metricsThatThrowDoNotDeliverAMessageAgain() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().property("mode", "RECORD").listener(listener).factory((factory) -> {
			factory.setListenerMetrics(new ListenerMetrics() {

				@Override
				public void received(String id, String stream, int messages) {
					throw new IllegalStateException("thrown by metrics");
				}

				@Override
				public void processed(String id, String stream, int messages, long nanos) {
					throw new IllegalStateException("thrown by metrics");
				}

			});
		}).start()) {
			send(app, 0, 2);
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(1));
			assertThat(listener.texts).containsExactly("m0", "m1");
		}
	}

	@Test
	void anAcknowledgmentAndModeManualGoTogether() {
		assertThatThrownBy(() -> application().listener(new InVain()).start()).hasStackTraceContaining("InVain")
			.hasStackTraceContaining("ackMode = 'RECORD' does not go with")
			.hasStackTraceContaining("set ackMode = 'MANUAL' or remove the parameter");
		assertThatThrownBy(() -> application().listener(new Never()).start()).hasStackTraceContaining("Never")
			.hasStackTraceContaining("ackMode = 'MANUAL' needs a parameter of type Acknowledgment");
	}

	@Test
	void recordModeStoresWhatIsProcessedWhileTheRestOfThePollIsNot() {
		stream(1);
		BlockedAt listener = new BlockedAt("m3");
		try (TestApplication app = application().property("mode", "RECORD").listener(listener).start()) {
			send(app, 0, 6);
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(2));
			listener.release.countDown();
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(5));
		}
	}

	@Test
	void batchModeStoresThePositionAfterThePoll() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, 0, 40);
		}
		BlockedAt listener = new BlockedAt("m38");
		listener.begin = new CountDownLatch(1);
		try (TestApplication app = application().property("mode", "batch").listener(listener).start()) {
			app.awaitRunning("blocked");
			// The others arrive meanwhile, so that the next poll brings all of them.
			app.client().streams().list();
			listener.begin.countDown();
			eventually(() -> assertThat(listener.texts).contains("m37"));
			assertThat(app.cursor("blocked", this.stream, 0)).isLessThan(37);
			listener.release.countDown();
			eventually(() -> assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(39));
		}
	}

	@Test
	void batchModeStoresWhatIsProcessedWhenItIsStoppedWithinAPoll() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, 0, 6);
		}
		BlockedAt listener = new BlockedAt("m3");
		TestApplication app = application().property("mode", "batch").listener(listener).start();
		eventually(() -> assertThat(listener.texts).contains("m2"));
		app.container("blocked").stop(() -> {
		});
		listener.release.countDown();
		eventually(() -> assertThat(app.container("blocked").state()).isEqualTo(ContainerState.STOPPED));
		// The message at hand was finished, the others were not begun.
		assertThat(listener.texts).containsExactly("m0", "m1", "m2", "m3");
		assertThat(app.cursor("blocked", this.stream, 0)).isEqualTo(3);
		app.container("blocked").start();
		eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1", "m2", "m3", "m4", "m5"));
		app.close();
	}

	@Test
	void manualModeStoresWhatIsAcknowledged() {
		stream(1);
		Manual first = new Manual("m0", "m1", "m2", "m4");
		try (TestApplication app = application().listener(first).start()) {
			send(app, 0, 5);
			eventually(() -> assertThat(first.texts).hasSize(5));
			eventually(() -> assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(2));
		}
		Manual second = new Manual("m3", "m4");
		try (TestApplication app = application().listener(second).start()) {
			eventually(() -> assertThat(second.texts).containsExactly("m3", "m4"));
			eventually(() -> assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(4));
		}
	}

	@Test
	void manualModeAcknowledgesLaterAndNeverBackwards() {
		stream(1);
		Keeper keeper = new Keeper();
		try (TestApplication app = application().listener(keeper).start()) {
			send(app, 0, 5);
			eventually(() -> assertThat(keeper.acknowledgments).hasSize(5));
			List<Acknowledgment> acknowledgments = List.copyOf(keeper.acknowledgments);
			acknowledgments.get(3).acknowledgeCumulative();
			eventually(() -> assertThat(app.cursor("keeper", this.stream, 0)).isEqualTo(3));
			acknowledgments.get(1).acknowledge();
			acknowledgments.get(1).acknowledgeCumulative();
			acknowledgments.get(4).acknowledge();
			eventually(() -> assertThat(app.cursor("keeper", this.stream, 0)).isEqualTo(4));
		}
	}

	@Test
	void manualModeForgetsAnAcknowledgmentWhoseListenerFailsAfterwards() {
		stream(1);
		AcknowledgesAndFails listener = new AcknowledgesAndFails();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, 0, 1);
			// While it is retried nothing is stored; in the end the dead letter counts.
			eventually(() -> assertThat(listener.attempts).hasSize(3).allMatch((stored) -> stored == -1));
			eventually(() -> assertThat(app.cursor("fails", this.stream, 0)).isZero());
		}
	}

	@Test
	void manualBatchAcknowledgesTheWholeBatch() {
		stream(1);
		ManualBatch listener = new ManualBatch();
		try (TestApplication app = application().listener(listener).start()) {
			send(app, 0, 10);
			eventually(() -> assertThat(app.cursor("batch", this.stream, 0)).isEqualTo(9));
		}
	}

	@Test
	void noneModeStoresNothingAndBeginsAgain() {
		stream(1);
		Collector first = new Collector();
		try (TestApplication app = application().property("mode", "NONE").listener(first).start()) {
			send(app, 0, 3);
			eventually(() -> assertThat(first.texts).hasSize(3));
			assertThat(app.status("collector", 0).stored()).isEqualTo(PartitionStatus.UNKNOWN);
		}
		Collector second = new Collector();
		try (TestApplication app = application().property("mode", "NONE").listener(second).start()) {
			eventually(() -> assertThat(second.texts).containsExactly("m0", "m1", "m2"));
			assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(-1);
		}
	}

	@Test
	void aCursorIdIsSharedByListenersThatNameIt() {
		stream(1);
		NamedCursor listener = new NamedCursor();
		try (TestApplication app = application().listener(listener).start()) {
			app.client().cursors().set("shared", this.stream, 0, 1);
			send(app, 0, 4);
			app.awaitRunning("named");
		}
		try (TestApplication app = application().listener(listener).start()) {
			app.awaitRunning("named");
			eventually(() -> assertThat(app.cursor("shared", this.stream, 0)).isEqualTo(3));
			assertThat(app.cursor("named", this.stream, 0)).isEqualTo(-1);
		}
	}

	@Test
	void aListenerForNewMessagesSkipsNothingWhenItDiesBeforeItsFirstAcknowledgement() {
		stream(1);
		try (TestApplication app = application().start()) {
			send(app, 0, 3);
		}
		Manual silent = new Manual("never");
		try (TestApplication app = newOnly(silent)) {
			app.awaitRunning("manual");
			// Remembered before any message has come.
			assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(2);
			send(app, 3, 2);
			eventually(() -> assertThat(silent.texts).containsExactly("m3", "m4"));
		}
		Manual again = new Manual("never");
		try (TestApplication app = newOnly(again)) {
			eventually(() -> assertThat(again.texts).containsExactly("m3", "m4"));
		}
	}

	@Test
	void aListenerForNewMessagesOfAnEmptyStreamSkipsNothingEither() {
		stream(1);
		Manual silent = new Manual("never");
		try (TestApplication app = newOnly(silent)) {
			app.awaitRunning("manual");
			send(app, 0, 1);
			eventually(() -> assertThat(silent.texts).containsExactly("m0"));
			assertThat(app.cursor("manual", this.stream, 0)).isEqualTo(-1);
		}
		Manual again = new Manual("never");
		try (TestApplication app = newOnly(again)) {
			eventually(() -> assertThat(again.texts).containsExactly("m0"));
		}
	}

	@Test
	void anAgeIsCountedFromTheVeryFirstStart() {
		stream(1);
		Manual silent = new Manual("never");
		try (TestApplication app = from(() -> StartPosition.ago(Duration.ofHours(1)), silent)) {
			app.awaitRunning("manual");
		}
		try (TestApplication app = application().start()) {
			send(app, 0, 2);
		}
		// By now they would be older than what is asked for.
		Manual again = new Manual("never");
		try (TestApplication app = from(() -> StartPosition.at(Instant.now().plusSeconds(60)), again)) {
			eventually(() -> assertThat(again.texts).containsExactly("m0", "m1"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "new", "latest" })
	void aPausedPartitionSkipsNothingBetweenTheFirstStartAndTheNext(String start) {
		stream(1);
		try (TestApplication app = application().start()) {
			app.client().streams().pause(this.stream, false);
		}
		Supplier<StartPosition> position = StartPositions.parse(start);
		try (TestApplication app = application().property("mode", "RECORD")
			.factory((factory) -> factory.getContainerProperties().setStartPosition(position))
			.listener(new Collector())
			.start()) {
			app.awaitRunning("collector");
		}
		try (TestApplication app = application().start()) {
			send(app, 0, 3);
		}
		Collector again = new Collector();
		try (TestApplication app = application().property("mode", "RECORD")
			.factory((factory) -> factory.getContainerProperties().setStartPosition(position))
			.listener(again)
			.start()) {
			eventually(() -> assertThat(again.texts).containsExactly("m0", "m1", "m2"));
		}
	}

	@Test
	void aStoredCursorWinsOverTheStartPosition() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().start()) {
			send(app, 0, 5);
			app.client().cursors().set("collector", this.stream, 0, 2);
		}
		try (TestApplication app = application().property("mode", "RECORD").listener(listener).start()) {
			eventually(() -> assertThat(listener.texts).containsExactly("m3", "m4"));
		}
	}

	@Test
	void aCursorBeyondTheEndOfANewStreamDoesNotSkipItsMessages() {
		stream(1);
		Collector listener = new Collector();
		try (TestApplication app = application().start()) {
			send(app, 0, 2);
			app.client().cursors().set("collector", this.stream, 0, 900);
		}
		try (TestApplication app = application().property("mode", "RECORD").listener(listener).start()) {
			eventually(() -> assertThat(listener.texts).containsExactly("m0", "m1"));
			eventually(() -> assertThat(app.cursor("collector", this.stream, 0)).isEqualTo(1));
		}
	}

	private TestApplication from(Supplier<StartPosition> start, Object listener) {
		return application().factory((factory) -> factory.getContainerProperties().setStartPosition(start))
			.listener(listener)
			.start();
	}

	private TestApplication newOnly(Object listener) {
		return application()
			.factory((factory) -> factory.getContainerProperties().setStartPosition(StartPosition::newOnly))
			.listener(listener)
			.start();
	}

	private void send(TestApplication app, int from, int count) {
		for (int i = from; i < from + count; i++) {
			app.template().send(this.stream, "m" + i).join();
		}
	}

	static class Collector {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "collector", streams = "${in}", ackMode = "${mode}")
		void on(String text) {
			this.texts.add(text);
		}

	}

	static class BlockedAt {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		final CountDownLatch release = new CountDownLatch(1);

		/** What it waits for with the first message. */
		volatile CountDownLatch begin = new CountDownLatch(0);

		private final String at;

		BlockedAt(String at) {
			this.at = at;
		}

		@LiftbridgeListener(id = "blocked", streams = "${in}", ackMode = "${mode}")
		void on(String text) throws InterruptedException {
			this.begin.await();
			if (text.equals(this.at)) {
				this.release.await();
			}
			this.texts.add(text);
		}

	}

	static class Manual {

		final Queue<String> texts = new ConcurrentLinkedQueue<>();

		private final Set<String> acknowledged;

		Manual(String... acknowledged) {
			this.acknowledged = Set.of(acknowledged);
		}

		@LiftbridgeListener(id = "manual", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			this.texts.add(text);
			if (this.acknowledged.contains(text)) {
				acknowledgment.acknowledge();
			}
		}

	}

	static class Keeper {

		final Queue<Acknowledgment> acknowledgments = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "keeper", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment) {
			this.acknowledgments.add(acknowledgment);
		}

	}

	class AcknowledgesAndFails {

		final Queue<Long> attempts = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "fails", streams = "${in}", ackMode = "MANUAL")
		void on(String text, Acknowledgment acknowledgment, @Header(LiftbridgeHeaders.STREAM) String name) {
			acknowledgment.acknowledge();
			try (var client = io.liftbridge.client.LiftbridgeClient.builder().seeds(broker.address()).build()) {
				this.attempts.add(client.cursors().find("fails", name, 0).orElse(-1));
			}
			throw new IllegalStateException("after the acknowledgment");
		}

	}

	static class InVain {

		@LiftbridgeListener(streams = "${in}", ackMode = "RECORD")
		void on(String text, Acknowledgment acknowledgment) {
		}

	}

	static class Never {

		@LiftbridgeListener(streams = "${in}", ackMode = "MANUAL")
		void on(String text) {
		}

	}

	static class ManualBatch {

		@LiftbridgeListener(id = "batch", streams = "${in}", ackMode = "MANUAL", batch = "true", batchSize = "3")
		void on(List<String> batch, Acknowledgment acknowledgment) {
			acknowledgment.acknowledge();
		}

	}

	static class NamedCursor {

		@LiftbridgeListener(id = "named", streams = "${in}", cursorId = "shared")
		void on(String text) {
		}

	}

}
