package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * What becomes of messages that have arrived before they are due.
 */
class PartitionDeliveryTests {

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final Queue<String> seen = new ConcurrentLinkedQueue<>();

	private final List<Long> stored = new ArrayList<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final CursorWriter cursor = new CursorWriter((position) -> {
		this.stored.add(position);
		return CompletableFuture.completedFuture(null);
	}, "c", this.timer, Duration.ZERO, new CursorPace(), Duration.ofSeconds(1), mock(DeliveryMonitor.class));

	@AfterEach
	void close() {
		this.timer.shutdownNow();
		this.threads.shutdownNow();
	}

	/** A group's member notices only after some time that it is to hand in nothing. */
	@Test
	void whatIsHandedInWhileOthersWaitComesBehindThem() throws Exception {
		PartitionDelivery delivery = delivery(collecting());
		delivery.onMessages(List.of(message(0, 0), message(1, 300)));
		assertThat(delivery.isHolding()).isTrue();
		delivery.onMessages(List.of(message(2, 0), message(3, 300)));
		assertThat(this.seen).containsExactly("0");
		assertThat(delivery.newest()).isEqualTo(3);
		eventually(() -> assertThat(this.seen).containsExactly("0", "1", "2", "3"));
		eventually(() -> assertThat(delivery.isHolding()).isFalse());
		assertThat(this.stored).containsExactly(0L, 1L, 2L, 3L);
	}

	/** Its position would be beyond theirs. */
	@Test
	void whatCannotBeUnpackedDoesNotOvertakeThoseThatWait() throws Exception {
		PartitionDelivery delivery = delivery(collecting());
		delivery.onMessages(List.of(message(0, 200)));
		delivery.onMalformed(new MalformedEntryException(message(1, 0), "broken", "none", null));
		assertThat(this.seen).containsExactly("0");
		assertThat(this.stored).containsExactly(0L, 1L);
		assertThat(delivery.isHolding()).isFalse();
	}

	@Test
	void hasSettledOnlyWhenNothingIsDeliveredLateAnyMore() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch proceed = new CountDownLatch(1);
		PartitionDelivery delivery = delivery((message, acknowledgment) -> {
			entered.countDown();
			proceed.await(20, TimeUnit.SECONDS);
			this.seen.add(message.text());
			return null;
		});
		delivery.onMessages(List.of(message(0, 50), message(1, 60_000)));
		assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
		CompletableFuture<Void> settled = delivery.settle();
		assertThat(settled).isNotDone();
		proceed.countDown();
		assertThat(settled).succeedsWithin(Duration.ofSeconds(20));
		assertThat(this.seen).containsExactly("0");
		assertThat(delivery.processed()).isZero();
		// What waited is read again.
		delivery.reset(0);
		delivery.onMessages(List.of(message(1, 0)));
		assertThat(this.seen).containsExactly("0", "1");
	}

	@Test
	void nothingIsDeliveredLateAfterAStop() throws Exception {
		PartitionDelivery delivery = delivery(collecting());
		delivery.onMessages(List.of(message(0, 100)));
		assertThat(delivery.stop()).succeedsWithin(Duration.ofSeconds(20));
		assertThat(delivery.settle()).succeedsWithin(Duration.ofSeconds(20));
		delivery.onMessages(List.of(message(1, 0)));
		assertThat(this.seen).isEmpty();
		assertThat(this.stored).isEmpty();
	}

	@Test
	void whatIsDueWaitsForAThreadIfThereIsNone() {
		AtomicInteger refusals = new AtomicInteger(2);
		PartitionDelivery delivery = delivery(collecting(), AckMode.RECORD, (task) -> {
			if (refusals.getAndDecrement() > 0) {
				throw new RejectedExecutionException("busy");
			}
			this.threads.execute(task);
		});
		delivery.onMessages(List.of(message(0, 1000)));
		eventually(() -> assertThat(this.seen).containsExactly("0"));
		eventually(() -> assertThat(delivery.isHolding()).isFalse());
		assertThat(refusals).hasNegativeValue();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void whatWasCountedBeforeALostConnectionIsStoredWhenItStops() {
		PartitionDelivery delivery = delivery(collecting(), AckMode.COUNT, this.threads);
		delivery.onMessages(List.of(message(0, 0), message(1, 0), message(2, 0)));
		assertThat(this.stored).isEmpty();
		delivery.reset(2);
		assertThat(delivery.stop()).succeedsWithin(Duration.ofSeconds(20));
		assertThat(this.stored).containsExactly(2L);
	}

	/** Nobody acknowledges what was delivered before it is handed in again. */
	@Test
	void whatFailsInDoubtIsWaitedForOnceInModeManual() {
		AtomicBoolean owned = new AtomicBoolean(true);
		PartitionDelivery delivery = delivery((RecordListener) (message, acknowledgment) -> {
			fail(owned, message.text());
			acknowledgment.acknowledge();
			return null;
		}, AckMode.MANUAL, this.threads);
		delivery.setOwned(owned::get);
		handInTwice(delivery, owned);
	}

	@Test
	void elementsThatFailInDoubtAreWaitedForOnceInModeManual() {
		AtomicBoolean owned = new AtomicBoolean(true);
		PartitionDelivery delivery = delivery((BatchListener) (batch, acknowledgment) -> {
			fail(owned, "0");
			acknowledgment.acknowledge();
			return null;
		}, AckMode.MANUAL, this.threads);
		delivery.setOwned(owned::get);
		handInTwice(delivery, owned);
	}

	private void fail(AtomicBoolean owned, String text) {
		this.seen.add(text);
		if (this.seen.size() == 1) {
			owned.set(false);
			throw new IllegalStateException("not now");
		}
	}

	private void handInTwice(PartitionDelivery delivery, AtomicBoolean owned) {
		List<ReceivedMessage<byte[]>> messages = List.of(message(0, 0), message(1, 0));
		assertThatExceptionOfType(PartitionDoubtedException.class).isThrownBy(() -> delivery.onMessages(messages));
		owned.set(true);
		delivery.onMessages(messages);
		assertThat(this.stored).last().isEqualTo(1L);
	}

	private RecordListener collecting() {
		return (message, acknowledgment) -> {
			this.seen.add(message.text());
			return null;
		};
	}

	private PartitionDelivery delivery(RecordListener listener) {
		return delivery(listener, AckMode.RECORD, this.threads);
	}

	private PartitionDelivery delivery(Listener listener, AckMode mode, Executor executor) {
		DeliveryContext context = new DeliveryContext("l", "c", listener, mode, 10, 0,
				new DefaultErrorHandler(new FixedBackOff(0, 0), new LoggingRecoverer()), ListenerMetrics.NONE,
				new WorkerPool(executor, 1), this.timer, Duration.ofSeconds(1), Duration.ofSeconds(1),
				this.failures::add, mock(ListenerControl.class));
		PartitionDelivery delivery = new PartitionDelivery(context, this.cursor, mock(DeliveryMonitor.class));
		delivery.setFlow(() -> {
		});
		return delivery;
	}

	/** A message of a retry stream that is due some milliseconds from now. */
	private static ReceivedMessage<byte[]> message(long offset, long delay) {
		Map<String, byte[]> headers = new LinkedHashMap<>();
		put(headers, LiftbridgeHeaders.RETRY_STREAM, "s");
		put(headers, LiftbridgeHeaders.RETRY_PARTITION, "0");
		put(headers, LiftbridgeHeaders.RETRY_OFFSET, Long.toString(offset));
		put(headers, LiftbridgeHeaders.RETRY_CURSOR_ID, "c");
		put(headers, LiftbridgeHeaders.RETRY_DUE, Long.toString(System.currentTimeMillis() + delay));
		return ReceivedMessage.of("s.retry", 0, offset, 1, null, Long.toString(offset).getBytes(), Headers.of(headers),
				"s.retry");
	}

	private static void put(Map<String, byte[]> headers, String name, String value) {
		headers.put(name, value.getBytes());
	}

}
