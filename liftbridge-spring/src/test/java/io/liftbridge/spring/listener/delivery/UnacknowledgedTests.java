package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.Acknowledgment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/**
 * What becomes of a partition whose messages nobody acknowledges. No broker is there.
 */
class UnacknowledgedTests {

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final List<Acknowledgment> given = new ArrayList<>();

	private final List<String> seen = new ArrayList<>();

	private final AtomicBoolean paused = new AtomicBoolean();

	private final CursorWriter cursor = new CursorWriter((position) -> CompletableFuture.completedFuture(null), "c",
			this.timer, Duration.ZERO, new CursorPace(), Duration.ofSeconds(1), mock(DeliveryMonitor.class));

	@AfterEach
	void close() {
		this.timer.shutdownNow();
	}

	@Test
	void holdsThePartitionUpUntilHalfOfItIsAcknowledged() {
		PartitionDelivery delivery = delivery(keeping(), 4);
		delivery.onMessages(messages(10, 21));
		assertThat(this.seen).containsExactly("10", "11", "12", "13");
		assertThat(delivery.isHolding()).isTrue();
		assertThat(delivery.heldBack()).isEqualTo(
				"nothing is delivered until more is acknowledged:" + " waiting are 4 message(s) from offset 10 on");
		// A stray one changes nothing.
		delivery.resumed();
		this.given.get(1).acknowledge();
		this.given.get(2).acknowledge();
		assertThat(this.seen).hasSize(4);
		assertThat(this.cursor.wanted()).isEqualTo(9);
		this.given.get(0).acknowledge();
		assertThat(this.cursor.wanted()).isEqualTo(12);
		assertThat(this.seen).containsExactly("10", "11", "12", "13", "14", "15", "16");
		this.given.get(6).acknowledge();
		this.given.get(5).acknowledgeCumulative();
		assertThat(this.seen).containsExactly("10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20");
		assertThat(delivery.heldBack()).contains("4 message(s) from offset 17 on");
		this.given.get(10).acknowledgeCumulative();
		assertThat(this.seen).hasSize(12);
		assertThat(delivery.isHolding()).isFalse();
		assertThat(delivery.heldBack()).isNull();
		assertThat(this.cursor.wanted()).isEqualTo(20);
	}

	@Test
	void holdsNothingUpWithoutALimit() {
		PartitionDelivery delivery = delivery(keeping(), 0);
		delivery.onMessages(messages(0, 999));
		assertThat(this.seen).hasSize(1000);
		assertThat(delivery.isHolding()).isFalse();
	}

	@Test
	void aBatchIsDeliveredAsAWholeAndTheNextOneWaits() {
		BatchListener listener = (batch, acknowledgment) -> {
			batch.forEach((element) -> this.seen.add(((ReceivedMessage<?>) element).text()));
			this.given.add(acknowledgment);
			return null;
		};
		PartitionDelivery delivery = delivery(listener, 2);
		delivery.onMessages(messages(0, 2));
		delivery.onMessages(messages(3, 5));
		assertThat(this.seen).containsExactly("0", "1", "2");
		assertThat(delivery.isHolding()).isTrue();
		this.given.get(0).acknowledge();
		assertThat(this.seen).containsExactly("0", "1", "2", "3", "4", "5");
	}

	/** It is itself among those that wait. */
	@Test
	void whatWasBegunDoesNotWaitForItself() {
		List<Integer> attempts = new ArrayList<>();
		RecordListener listener = (message, acknowledgment) -> {
			attempts.add(attempts.size());
			if (attempts.size() == 1) {
				this.paused.set(true);
				throw new IllegalStateException("not yet");
			}
			acknowledgment.acknowledge();
			return null;
		};
		PartitionDelivery delivery = delivery(listener, 1);
		delivery.onMessages(messages(0, 1));
		assertThat(attempts).hasSize(1);
		this.paused.set(false);
		delivery.resumed();
		assertThat(attempts).hasSize(3);
		assertThat(this.cursor.wanted()).isEqualTo(1);
	}

	@Test
	void readingElsewhereForgetsWhatWasNotAcknowledged() {
		PartitionDelivery delivery = delivery(keeping(), 2);
		delivery.onMessages(messages(10, 20));
		delivery.reset(29);
		delivery.onMessages(messages(30, 40));
		assertThat(this.seen).containsExactly("10", "11", "30", "31");
		this.given.get(0).acknowledge();
		this.given.get(1).acknowledge();
		assertThat(this.seen).hasSize(4);
		assertThat(this.cursor.wanted()).isEqualTo(9);
	}

	/** A group's member hands in a list again of which it was in doubt. */
	@Test
	void whatIsHandedInAgainIsToBeAcknowledgedOnce() {
		AtomicBoolean owned = new AtomicBoolean(true);
		AtomicBoolean fails = new AtomicBoolean(true);
		RecordListener listener = (message, acknowledgment) -> {
			if (message.offset() == 1 && fails.getAndSet(false)) {
				owned.set(false);
				throw new IllegalStateException("not yet");
			}
			this.given.add(acknowledgment);
			return null;
		};
		PartitionDelivery delivery = delivery(listener, 0);
		delivery.setOwned(owned::get);
		assertThatExceptionOfType(PartitionDoubtedException.class)
			.isThrownBy(() -> delivery.onMessages(messages(0, 2)));
		assertThat(this.given).hasSize(1);
		owned.set(true);
		delivery.onMessages(messages(0, 2));
		assertThat(this.given).hasSize(4);
		this.given.subList(1, 4).forEach(Acknowledgment::acknowledge);
		assertThat(this.cursor.wanted()).isEqualTo(2);
	}

	private RecordListener keeping() {
		return (message, acknowledgment) -> {
			this.seen.add(message.text());
			this.given.add(acknowledgment);
			return null;
		};
	}

	private PartitionDelivery delivery(Listener listener, int limit) {
		ListenerControl control = mock(ListenerControl.class);
		when(control.isPaused(any(), anyInt())).thenAnswer((call) -> this.paused.get());
		DeliveryContext context = new DeliveryContext("l", "c", listener, AckMode.MANUAL, 1, limit,
				new DefaultErrorHandler(new FixedBackOff(0, 9), new LoggingRecoverer()), ListenerMetrics.NONE,
				new WorkerPool(Runnable::run, 1), this.timer, Duration.ofSeconds(1), Duration.ofSeconds(1),
				(failure) -> {
				}, control);
		PartitionDelivery delivery = new PartitionDelivery(context, this.cursor, mock(DeliveryMonitor.class));
		delivery.setFlow(() -> {
		});
		return delivery;
	}

	private static List<ReceivedMessage<byte[]>> messages(long first, long last) {
		return LongStream.rangeClosed(first, last)
			.mapToObj((offset) -> ReceivedMessage.of("s", 0, offset, 0, null, Long.toString(offset).getBytes(),
					Headers.empty(), "s"))
			.toList();
	}

}
