package io.liftbridge.client.producer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class InFlightGateTests {

	private static final long LONG = TimeUnit.SECONDS.toNanos(20);

	@Test
	void boundsMessages() {
		InFlightGate gate = new InFlightGate(2, 1000);
		assertThat(gate.tryEnter(1)).isTrue();
		assertThat(gate.tryEnter(1)).isTrue();
		assertThat(gate.tryEnter(1)).isFalse();
		assertThat(gate.inFlight()).isEqualTo(2);
		gate.leave(1, 1);
		assertThat(gate.tryEnter(1)).isTrue();
	}

	@Test
	void boundsBytes() {
		InFlightGate gate = new InFlightGate(100, 10);
		assertThat(gate.tryEnter(6)).isTrue();
		assertThat(gate.tryEnter(5)).isFalse();
		assertThat(gate.tryEnter(4)).isTrue();
		assertThat(gate.inFlight()).isEqualTo(2);
		gate.leave(2, 10);
		assertThat(gate.inFlight()).isZero();
	}

	@Test
	void letsOneMessageInThatIsLargerThanTheBound() {
		InFlightGate gate = new InFlightGate(100, 10);
		assertThat(gate.tryEnter(50)).isTrue();
		assertThat(gate.tryEnter(1)).isFalse();
		gate.leave(1, 50);
		assertThat(gate.tryEnter(1)).isTrue();
		assertThat(gate.tryEnter(50)).as("not beside another one").isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "1, 8", "1, 50", "8, 1" })
	void whoNeedsMuchRoomHasATurnAmongThoseWhoNeedLittle(int count, int size) {
		InFlightGate gate = new InFlightGate(10, 10);
		int inside = enterAll(gate);
		CompletableFuture<Boolean> much = CompletableFuture.supplyAsync(() -> {
			try {
				return gate.enter(count, size, LONG);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		// Others take each place at once that becomes free.
		while (!much.isDone()) {
			if (inside > 0) {
				gate.leave(1, 1);
				inside--;
			}
			inside += enterAll(gate);
		}
		assertThat(much.join()).isTrue();
		assertThat(gate.tryEnter(1, 10)).as("beside it").isFalse();
		gate.leave(count + inside, size + inside);
		assertThat(gate.tryEnter(10, 10)).as("nothing is kept for it any more").isTrue();
	}

	@Test
	void nothingIsKeptForWhoHasGivenUp() throws InterruptedException {
		InFlightGate gate = new InFlightGate(10, 10);
		assertThat(gate.tryEnter(1)).isTrue();
		assertThat(gate.enter(10, Duration.ofMillis(200).toNanos())).isFalse();
		assertThat(gate.tryEnter(9)).isTrue();
	}

	@Test
	void givesUpAfterTheTimeout() throws InterruptedException {
		InFlightGate gate = new InFlightGate(1, 10);
		assertThat(gate.enter(1, 0)).isTrue();
		long start = System.nanoTime();
		assertThat(gate.enter(1, Duration.ofMillis(120).toNanos())).isFalse();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(110),
				Duration.ofSeconds(5));
		assertThat(gate.inFlight()).isOne();
	}

	@Test
	void wakesWhoWaits() {
		InFlightGate gate = new InFlightGate(4, 1000);
		for (int i = 0; i < 4; i++) {
			gate.tryEnter(1);
		}
		CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(() -> enter(gate, 1));
		gate.leave(4, 4);
		await().until(waiting::isDone);
		assertThat(waiting.join()).isTrue();
		assertThat(gate.inFlight()).isOne();
	}

	@Test
	void letsGoOfAnInterruptedThread() throws InterruptedException {
		InFlightGate gate = new InFlightGate(1, 10);
		gate.tryEnter(1);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> gate.enter(1, LONG));
		assertThat(gate.inFlight()).isOne();
		gate.leave(1, 1);
		assertThat(gate.enter(1, 0)).isTrue();
	}

	@Test
	void neverLetsTooManyInAndForgetsNobody() throws InterruptedException {
		InFlightGate gate = new InFlightGate(5, 100);
		AtomicInteger inside = new AtomicInteger();
		AtomicLong insideBytes = new AtomicLong();
		AtomicInteger most = new AtomicInteger();
		AtomicLong mostBytes = new AtomicLong();
		AtomicInteger refused = new AtomicInteger();
		List<Thread> threads = new ArrayList<>();
		for (int t = 0; t < 8; t++) {
			Thread thread = new Thread(() -> {
				for (int i = 0; i < 2000; i++) {
					int size = ThreadLocalRandom.current().nextInt(1, 60);
					if (!enter(gate, size)) {
						refused.incrementAndGet();
						continue;
					}
					most.accumulateAndGet(inside.incrementAndGet(), Math::max);
					mostBytes.accumulateAndGet(insideBytes.addAndGet(size), Math::max);
					if (i % 16 == 0) {
						Thread.yield();
					}
					inside.decrementAndGet();
					insideBytes.addAndGet(-size);
					gate.leave(1, size);
				}
			});
			thread.start();
			threads.add(thread);
		}
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(refused).hasValue(0);
		assertThat(most.get()).isLessThanOrEqualTo(5);
		assertThat(mostBytes.get()).isLessThanOrEqualTo(100);
		assertThat(gate.inFlight()).isZero();
	}

	private static int enterAll(InFlightGate gate) {
		int entered = 0;
		while (gate.tryEnter(1)) {
			entered++;
		}
		return entered;
	}

	private static boolean enter(InFlightGate gate, int size) {
		try {
			return gate.enter(size, LONG);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
