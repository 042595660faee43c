package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.AckTracker.Tracked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.Mockito.mock;

/**
 * What counts of what a listener says, and what is refused. No broker is there: asked is
 * for the position that is to be stored.
 */
class ManualAcknowledgmentTests {

	private static final Duration DELAY = Duration.ofSeconds(1);

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final CursorWriter cursor = new CursorWriter((position) -> new CompletableFuture<>(), "c", this.timer,
			Duration.ZERO, new CursorPace(), Duration.ofSeconds(5), mock(DeliveryMonitor.class));

	private final AckTracker tracker = new AckTracker(this.cursor, 0, () -> {
	});

	@AfterEach
	void close() {
		this.cursor.close();
		this.timer.shutdownNow();
	}

	@Test
	void anAcknowledgmentOutOfOrderWaitsForThoseBefore() {
		List<CallAcknowledgment> messages = returned(4);
		messages.get(2).acknowledge();
		messages.get(1).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
		messages.get(0).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(2);
		messages.get(3).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(3);
	}

	@Test
	void aCumulativeAcknowledgmentCoversThoseBefore() {
		List<CallAcknowledgment> messages = returned(5);
		messages.get(3).acknowledge();
		messages.get(2).acknowledgeCumulative();
		assertThat(this.cursor.wanted()).isEqualTo(3);
		messages.get(0).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(3);
	}

	@Test
	void anAcknowledgmentWaitsForTheListenerAndIsForgottenIfThatFails() {
		CallAcknowledgment message = record(0);
		message.acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
		assertThat(message.failed()).isZero();
		message.acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
	}

	@Test
	void elementsThatAreAcknowledgedByIndexCountAtOnceAndAlsoIfTheListenerFails() {
		CallAcknowledgment batch = batch(4);
		batch.acknowledge(1);
		assertThat(this.cursor.wanted()).isEqualTo(1);
		batch.acknowledge(0);
		assertThat(batch.failed()).isEqualTo(2);
		batch.acknowledge(3);
		assertThat(this.cursor.wanted()).isEqualTo(1);
	}

	@Test
	void elementsAreAcknowledgedByThemselvesInAnyOrder() {
		CallAcknowledgment batch = batch(4);
		batch.element(0).acknowledge();
		batch.element(2).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
		assertThat(batch.succeeded()).isEqualTo(Outcome.PROCESSED);
		assertThat(this.cursor.wanted()).isZero();
		batch.element(1).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(2);
		batch.element(3).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(3);
	}

	@Test
	void anElementCoversThoseBeforeIfItIsAcknowledgedCumulatively() {
		record(0).succeeded();
		CallAcknowledgment batch = batch(3);
		batch.element(1).acknowledgeCumulative();
		batch.succeeded();
		assertThat(this.cursor.wanted()).isEqualTo(1);
		batch.element(2).acknowledgeCumulative();
		assertThat(this.cursor.wanted()).isEqualTo(2);
	}

	@Test
	void elementsThatAreAcknowledgedByThemselvesAreForgottenIfTheListenerFails() {
		CallAcknowledgment batch = batch(2);
		batch.element(0).acknowledge();
		assertThat(batch.failed()).isZero();
		batch.element(0).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
	}

	@Test
	void anElementThatIsGivenBackTakesThoseBehindItAlong() {
		CallAcknowledgment batch = batch(3);
		batch.element(0).acknowledge();
		batch.element(1).nack(DELAY);
		assertThatIllegalStateException().isThrownBy(() -> batch.element(2).acknowledge())
			.withMessageContaining("element(2).acknowledge()")
			.withMessageContaining("the elements from 1 on were given back");
		assertThat(batch.succeeded()).isEqualTo(new Outcome.Nacked(1, DELAY));
		CallAcknowledgment acknowledged = batch(2);
		acknowledged.element(1).acknowledge();
		assertThatIllegalStateException().isThrownBy(() -> acknowledged.element(0).nack(DELAY))
			.withMessageContaining("it was acknowledged");
		assertThatIllegalArgumentException().isThrownBy(() -> batch(2).element(2))
			.withMessageContaining("2 element(s), counted from 0");
		assertThatIllegalStateException().isThrownBy(() -> record(0).element(0))
			.withMessageContaining("single messages");
	}

	@Test
	void whatIsGivenBackTellsFromWhereAndWhen() {
		CallAcknowledgment record = record(0);
		record.nack(DELAY);
		assertThat(record.succeeded()).isEqualTo(new Outcome.Nacked(0, DELAY));
		CallAcknowledgment batch = batch(3);
		batch.acknowledge(0);
		batch.nack(2, Duration.ZERO);
		assertThat(batch.succeeded()).isEqualTo(new Outcome.Nacked(2, Duration.ZERO));
	}

	@Test
	void misuseIsRefusedByName() {
		assertThatIllegalStateException().isThrownBy(() -> record(0).acknowledge(0))
			.withMessage("acknowledge(0) is not possible for listener 'l' at s/0@0:"
					+ " the listener receives single messages.");
		assertThatIllegalStateException().isThrownBy(() -> record(0).nack(0, DELAY))
			.withMessageContaining("single messages");
		assertThatIllegalStateException().isThrownBy(() -> batch(2).nack(DELAY))
			.withMessageContaining("use nack(int, Duration)");
		assertThatIllegalArgumentException().isThrownBy(() -> batch(2).nack(2, DELAY))
			.withMessageContaining("2 element(s), counted from 0");
		assertThatIllegalArgumentException().isThrownBy(() -> batch(2).acknowledge(-1))
			.withMessageContaining("acknowledge(-1)");
		assertThatIllegalArgumentException().isThrownBy(() -> record(0).nack(Duration.ofSeconds(-1)))
			.withMessageContaining("nack(PT-1S)")
			.withMessageContaining("from zero to PT24H");
		assertThatIllegalStateException().isThrownBy(() -> new InertAcknowledgment(AckMode.RECORD).nack(DELAY))
			.withMessageContaining("needs ack mode MANUAL, and this listener has RECORD");
	}

	@Test
	void givingBackAndAcknowledgingExcludeEachOther() {
		CallAcknowledgment acknowledged = record(0);
		acknowledged.acknowledge();
		assertThatIllegalStateException().isThrownBy(() -> acknowledged.nack(DELAY))
			.withMessageContaining("it was acknowledged");
		CallAcknowledgment back = record(1);
		back.nack(DELAY);
		assertThatIllegalStateException().isThrownBy(back::acknowledge).withMessageContaining("given back with nack");
		CallAcknowledgment late = record(2);
		late.succeeded();
		assertThatIllegalStateException().isThrownBy(() -> late.nack(DELAY))
			.withMessageContaining("the listener has returned");
		CallAcknowledgment batch = batch(3);
		batch.acknowledge(1);
		assertThatIllegalStateException().isThrownBy(() -> batch.nack(1, DELAY))
			.withMessageContaining("it was acknowledged");
		batch.nack(2, DELAY);
		assertThatIllegalStateException().isThrownBy(() -> batch.acknowledge(2))
			.withMessageContaining("the elements from 2 on were given back");
	}

	/** For instance when it was in doubt whose the partition is. */
	@Test
	void whatIsHandedInAgainNeedsOneAcknowledgmentOnly() {
		CallAcknowledgment undone = record(0);
		CallAcknowledgment again = record(0);
		again.succeeded();
		CallAcknowledgment next = record(1);
		next.succeeded();
		next.acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(-1);
		again.acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(1);
		undone.acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(1);
	}

	@Test
	void recordsOfAnEntryAreAcknowledgedByThemselves() {
		ReceivedMessage<byte[]> entry = message(7);
		List<CallAcknowledgment> records = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Tracked tracked = this.tracker.track(entry.record(i, 3, 0, null, new byte[0], Headers.empty()));
			records.add(new ManualAcknowledgment(this.tracker, List.of(tracked), false, place(7)));
		}
		records.forEach(CallAcknowledgment::succeeded);
		records.get(2).acknowledge();
		records.get(0).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(6);
		records.get(1).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(7);
	}

	private List<CallAcknowledgment> returned(int count) {
		List<CallAcknowledgment> messages = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			CallAcknowledgment acknowledgment = record(i);
			assertThat(acknowledgment.succeeded()).isEqualTo(Outcome.PROCESSED);
			messages.add(acknowledgment);
		}
		return messages;
	}

	private CallAcknowledgment record(long offset) {
		return new ManualAcknowledgment(this.tracker, List.of(tracked(offset)), false, place(offset));
	}

	private CallAcknowledgment batch(int count) {
		List<Tracked> tracked = IntStream.range(0, count).mapToObj(this::tracked).toList();
		return new ManualAcknowledgment(this.tracker, tracked, true, place(0));
	}

	private Tracked tracked(long offset) {
		return this.tracker.track(message(offset));
	}

	private static ReceivedMessage<byte[]> message(long offset) {
		return ReceivedMessage.of("s", 0, offset, 0, null, new byte[0], Headers.empty(), "s");
	}

	private static String place(long offset) {
		return "listener 'l' at s/0@" + offset;
	}

}
