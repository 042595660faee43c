package io.liftbridge.spring.listener.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.client.message.Headers;
import io.liftbridge.client.message.ReceivedMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.backoff.FixedBackOff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

/**
 * What becomes of messages of a list while their partition is paused. No broker is there.
 */
class PausedDeliveryTests {

	private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);

	private final AtomicBoolean paused = new AtomicBoolean();

	private final Queue<String> texts = new ConcurrentLinkedQueue<>();

	private final ListenerControl control = mock(ListenerControl.class);

	private final PartitionDelivery delivery = delivery();

	@AfterEach
	void close() {
		this.timer.shutdownNow();
	}

	@Test
	void whatIsStillHandedInWhileItIsHeldUpComesBehindWhatIsHeld() {
		this.delivery.setFlow(() -> {
		});
		this.delivery.onMessages(List.of(message(0), message(1)));
		this.delivery.onMessages(List.of(message(2)));
		assertThat(this.texts).containsExactly("m0");
		assertThat(this.delivery.isHolding()).isTrue();
		this.paused.set(false);
		this.delivery.resumed();
		assertThat(this.texts).containsExactly("m0", "m1", "m2");
		assertThat(this.delivery.isHolding()).isFalse();
		assertThat(this.delivery.processed()).isEqualTo(2);
	}

	@Test
	void aPauseThatHasEndedBeforeItWasNoticedHoldsNothing() {
		this.delivery.setFlow(() -> this.paused.set(false));
		this.delivery.onMessages(List.of(message(0), message(1)));
		// Whoever held it up could not know that it was to go on.
		this.delivery.resumed();
		assertThat(this.texts).containsExactly("m0", "m1");
		assertThat(this.delivery.isHolding()).isFalse();
	}

	@Test
	void whatIsHeldIsForgottenWhenReadingBeginsAnew() {
		this.delivery.setFlow(() -> {
		});
		this.delivery.onMessages(List.of(message(0), message(1)));
		assertThat(this.delivery.settle()).isCompleted();
		this.delivery.reset(0);
		this.paused.set(false);
		this.delivery.resumed();
		assertThat(this.texts).containsExactly("m0");
		this.delivery.onMessages(List.of(message(1)));
		assertThat(this.texts).containsExactly("m0", "m1");
	}

	@Test
	void withoutAnybodyToHoldItUpAThreadWaits() {
		this.timer.schedule(() -> this.paused.set(false), 50, TimeUnit.MILLISECONDS);
		this.delivery.onMessages(List.of(message(0), message(1)));
		assertThat(this.texts).containsExactly("m0", "m1");
	}

	private PartitionDelivery delivery() {
		when(this.control.isPaused(any(), anyInt())).thenAnswer((call) -> this.paused.get());
		RecordListener listener = (message, acknowledgment) -> {
			this.texts.add(message.text());
			this.paused.set(message.offset() == 0);
			return null;
		};
		return new PartitionDelivery(new DeliveryContext("test", "test", listener, AckMode.NONE, 1, 0,
				new DefaultErrorHandler(new FixedBackOff(), new LoggingRecoverer()), ListenerMetrics.NONE,
				new WorkerPool(Runnable::run, 1), this.timer, Duration.ofSeconds(1), Duration.ofSeconds(1),
				(failure) -> {
				}, this.control), null, mock(DeliveryMonitor.class));
	}

	private static ReceivedMessage<byte[]> message(long offset) {
		return ReceivedMessage.of("s", 0, offset, 0, null, ("m" + offset).getBytes(StandardCharsets.UTF_8),
				Headers.empty(), "s");
	}

}
