package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SerialTests {

	private record Event(int thread, int number) {
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
		});
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
