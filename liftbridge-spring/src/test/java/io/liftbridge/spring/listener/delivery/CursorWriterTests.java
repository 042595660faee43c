package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.embedded.EmbeddedBroker;
import io.liftbridge.spring.support.Acknowledgment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;

class CursorWriterTests {

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final Queue<String> told = new ConcurrentLinkedQueue<>();

	private final CursorPace pace = new CursorPace();

	private EmbeddedBroker broker;

	private LiftbridgeClient client;

	@BeforeEach
	void open() {
		this.broker = EmbeddedBroker.start();
		this.client = LiftbridgeClient.builder()
			.seeds(this.broker.address())
			.requestTimeout(Duration.ofSeconds(2))
			.build();
	}

	@AfterEach
	void close() {
		this.client.close();
		this.broker.close();
		this.timer.shutdownNow();
	}

	@Test
	void storesTheHighestPositionAndNeverALowerOne() {
		CursorWriter writer = writer(Duration.ZERO);
		for (int i = 0; i < 500; i++) {
			writer.advance(i);
		}
		writer.advance(20);
		eventually(() -> assertThat(writer.stored()).isEqualTo(499));
		assertThat(find()).isEqualTo(499);
		writer.advance(498);
		assertThat(writer.wanted()).isEqualTo(499);
		assertThat(writer.flush()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(find()).isEqualTo(499);
	}

	@Test
	void flushDoesNotWaitForTheInterval() {
		CursorWriter writer = writer(Duration.ofMinutes(10));
		writer.advance(1);
		eventually(() -> assertThat(writer.stored()).isEqualTo(1));
		writer.advance(2);
		writer.advance(3);
		assertThat(writer.stored()).isEqualTo(1);
		assertThat(writer.flush()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(find()).isEqualTo(3);
		assertThat(writer.close()).isFalse();
	}

	@Test
	void goesOnUntilTheBrokerIsBack() {
		CursorWriter writer = writer(Duration.ZERO);
		writer.advance(1);
		eventually(() -> assertThat(writer.stored()).isEqualTo(1));
		this.broker.stop();
		writer.advance(2);
		eventually(() -> assertThat(writer.error()).contains("cursor 'c' cannot be stored"));
		writer.advance(3);
		this.broker.restart();
		eventually(() -> assertThat(writer.stored()).isEqualTo(3));
		// Told behind the position.
		eventually(() -> assertThat(writer.error()).isNull());
		eventually(() -> assertThat(this.told).hasSize(2));
		assertThat(find()).isEqualTo(3);
		// Once each, however often it was tried.
		assertThat(this.told).hasSize(2).last().isEqualTo("stored");
		assertThat(this.told.peek()).startsWith("cursor 'c' cannot be stored: BrokerUnavailableException:");
	}

	@Test
	void closingGivesUpWhatCannotBeStored() {
		CursorWriter writer = writer(Duration.ZERO);
		this.broker.stop();
		writer.advance(7);
		var flushed = writer.flush();
		assertThat(flushed).isNotDone();
		assertThat(writer.close()).isTrue();
		assertThat(flushed).succeedsWithin(Duration.ofSeconds(10));
		writer.advance(8);
		this.broker.restart();
		assertThat(writer.stored()).isEqualTo(-1);
	}

	@Test
	void afterAResetLowerPositionsAreStored() {
		CursorWriter writer = writer(Duration.ZERO);
		writer.advance(90);
		eventually(() -> assertThat(writer.stored()).isEqualTo(90));
		writer.reset(-1);
		writer.advance(0);
		eventually(() -> assertThat(find()).isZero());
	}

	@Test
	void lateAcknowledgmentsFromBeforeAResetDoNotCount() {
		CursorWriter writer = writer(Duration.ZERO);
		AckTracker tracker = new AckTracker(writer, 0, () -> {
		});
		Acknowledgment late = delivered(tracker, message(90));
		writer.reset(-1);
		Acknowledgment current = delivered(tracker, message(3));
		late.acknowledge();
		assertThat(writer.wanted()).isEqualTo(-1);
		current.acknowledge();
		assertThat(writer.wanted()).isEqualTo(3);
		eventually(() -> assertThat(find()).isEqualTo(3));
	}

	@Test
	void nobodyWaitsOnceTheTimerHasEnded() {
		CursorWriter writer = writer(Duration.ZERO);
		this.broker.stop();
		writer.advance(7);
		this.timer.shutdownNow();
		assertThat(writer.flush()).succeedsWithin(Duration.ofSeconds(10));
		assertThat(writer.stored()).isEqualTo(-1);
	}

	@Test
	void manyWritersTakeLonger() {
		AtomicInteger writes = new AtomicInteger();
		List<CursorWriter> writers = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			writers.add(counting(writes, Duration.ofSeconds(2)));
		}
		// Each writes at once.
		writers.forEach((writer) -> writer.advance(0));
		assertThat(writes).hasValue(300);
		assertThat(this.pace.between(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(300));
		assertThat(this.pace.between(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(5));
		assertThat(this.pace.between(Duration.ZERO)).isZero();
		// Half of them end, in whatever they were about.
		writers.subList(0, 150).forEach(CursorWriter::close);
		assertThat(this.pace.between(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(150));
		// The others have nothing more to write.
		eventually(() -> assertThat(this.pace.between(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(1)));
		assertThat(writes).hasValue(300);
		writers.get(299).advance(1);
		assertThat(writes).hasValue(301);
	}

	private CursorWriter counting(AtomicInteger writes, Duration interval) {
		return new CursorWriter((position) -> {
			writes.incrementAndGet();
			return CompletableFuture.completedFuture(null);
		}, "c", this.timer, interval, this.pace, Duration.ofMillis(200), new Monitor());
	}

	private static Acknowledgment delivered(AckTracker tracker, ReceivedMessage<byte[]> message) {
		CallAcknowledgment acknowledgment = new ManualAcknowledgment(tracker, List.of(tracker.track(message)), false,
				"here");
		assertThat(acknowledgment.succeeded()).isEqualTo(Outcome.PROCESSED);
		return acknowledgment;
	}

	private CursorWriter writer(Duration interval) {
		return new CursorWriter((position) -> this.client.cursors().setAsync("c", "s", 0, position), "c", this.timer,
				interval, this.pace, Duration.ofMillis(200), new Monitor());
	}

	private long find() {
		return this.client.cursors().find("c", "s", 0).orElse(-1);
	}

	private final class Monitor implements DeliveryMonitor {

		@Override
		public void retrying(ListenerFailure failure, Duration pause) {
		}

		@Override
		public void recovering(ListenerFailure failure, Throwable problem) {
		}

		@Override
		public void replying(String reason) {
		}

		@Override
		public void delivering() {
		}

		@Override
		public void cursorFailed(String reason) {
			CursorWriterTests.this.told.add(reason);
		}

		@Override
		public void cursorStored() {
			CursorWriterTests.this.told.add("stored");
		}

	}

	private static ReceivedMessage<byte[]> message(long offset) {
		return ReceivedMessage.of("s", 0, offset, 0, null, new byte[0], Headers.empty(), "s");
	}

}
