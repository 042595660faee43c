package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SerialTests {

	private record Event(int thread, int number) {
	}

	private final ExecutorService relief = Executors.newSingleThreadExecutor();

	@AfterEach
	void stop() {
		this.relief.shutdownNow();
	}

	/**
	 * More threads than processors, so that some are interrupted in the middle of
	 * {@code post}.
	 */
	@RepeatedTest(25)
	void keepsTheOrderOfEachThreadAndLosesNothing() throws Exception {
		int threads = 32;
		int each = 40_000;
		int[] next = new int[threads];
		AtomicReference<String> broken = new AtomicReference<>();
		AtomicBoolean busy = new AtomicBoolean();
		AtomicInteger handled = new AtomicInteger();
		Serial<Event> serial = new Serial<>((event) -> {
			if (!busy.compareAndSet(false, true)) {
				broken.compareAndSet(null, "two at once");
			}
			if (next[event.thread()] != event.number()) {
				broken.compareAndSet(null,
						"thread " + event.thread() + ": " + event.number() + " instead of " + next[event.thread()]);
			}
			next[event.thread()] = event.number() + 1;
			busy.set(false);
			handled.incrementAndGet();
		}, this.relief);
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> running = new ArrayList<>();
		for (int t = 0; t < threads; t++) {
			int id = t;
			Thread thread = new Thread(() -> {
				try {
					start.await();
				}
				catch (InterruptedException ex) {
					return;
				}
				for (int i = 0; i < each; i++) {
					serial.post(new Event(id, i));
				}
			});
			thread.start();
			running.add(thread);
		}
		start.countDown();
		for (Thread thread : running) {
			thread.join();
		}
		await().until(() -> handled.get() == threads * each);
		assertThat(broken.get()).isNull();
		assertThat(next).containsOnly(each);
	}

	@Test
	void handlesOnTheThreadThatPosts() {
		List<Thread> seen = new ArrayList<>();
		Serial<String> serial = new Serial<>((event) -> seen.add(Thread.currentThread()));
		serial.post("a");
		serial.post("b");
		assertThat(seen).containsExactly(Thread.currentThread(), Thread.currentThread());
	}

	/**
	 * Others go on bringing events while a thread that wanted to post one handles them.
	 */
	@Test
	void letsAThreadGoThatHasDoneEnoughForOthers() {
		List<Integer> seen = new ArrayList<>();
		List<Runnable> handedOver = new ArrayList<>();
		AtomicReference<Serial<Integer>> self = new AtomicReference<>();
		int last = 5 * Serial.ENOUGH;
		Serial<Integer> serial = new Serial<>((event) -> {
			seen.add(event);
			if (event < last) {
				self.get().post(event + 1);
			}
		}, handedOver::add);
		self.set(serial);
		serial.post(0);
		assertThat(seen).hasSize(Serial.ENOUGH + 1);
		assertThat(handedOver).as("who goes on").hasSize(1);
		serial.post(last);
		assertThat(seen).as("the next one who comes by goes on").hasSize(2 * Serial.ENOUGH + 1);
		for (int i = 0; i < handedOver.size(); i++) {
			handedOver.get(i).run();
		}
		assertThat(seen).hasSize(last + 2).contains(last - 1);
		serial.post(last);
		assertThat(seen).as("as if nothing had been").hasSize(last + 3);
	}

	@Test
	void goesOnItselfIfNobodyTakesOver() {
		List<Integer> seen = new ArrayList<>();
		AtomicReference<Serial<Integer>> self = new AtomicReference<>();
		int last = 3 * Serial.ENOUGH;
		Serial<Integer> serial = new Serial<>((event) -> {
			seen.add(event);
			if (event < last) {
				self.get().post(event + 1);
			}
		}, (task) -> {
			throw new RejectedExecutionException("closed");
		});
		self.set(serial);
		serial.post(0);
		assertThat(seen).hasSize(last + 1);
		serial.post(last);
		assertThat(seen).hasSize(last + 2);
	}

	@Test
	void handlesEventsThatTheHandlerPostsAfterThePresentOne() {
		List<String> seen = new ArrayList<>();
		AtomicReference<Serial<String>> self = new AtomicReference<>();
		Serial<String> serial = new Serial<>((event) -> {
			if (event.length() < 3) {
				self.get().post(event + "l");
				self.get().post(event + "r");
			}
			seen.add(event);
		});
		self.set(serial);
		serial.post("x");
		assertThat(seen).containsExactly("x", "xl", "xr", "xll", "xlr", "xrl", "xrr");
	}

}
