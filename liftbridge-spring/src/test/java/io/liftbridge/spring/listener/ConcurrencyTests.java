package io.liftbridge.spring.listener;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.liftbridge.spring.EmbeddedBrokerTest;
import io.liftbridge.spring.TestApplication;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.support.LiftbridgeHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.messaging.handler.annotation.Header;

import static io.liftbridge.spring.TestApplication.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class ConcurrencyTests extends EmbeddedBrokerTest {

	private static final int PARTITIONS = 8;

	private static final int MESSAGES = 300;

	@Test
	void keepsTheOrderOfEachPartitionAndTheBoundOfThreads() {
		broker.createStream(this.stream, PARTITIONS);
		Ordered listener = new Ordered();
		try (TestApplication app = application().property("threads", "3").listener(listener).start()) {
			for (int i = 0; i < MESSAGES; i++) {
				for (int p = 0; p < PARTITIONS; p++) {
					app.template().newMessage(Integer.toString(i)).stream(this.stream).partition(p).send();
				}
			}
			eventually(() -> assertThat(listener.total).hasValue(MESSAGES * PARTITIONS));
			assertThat(listener.disorder).isEmpty();
			assertThat(listener.most).hasValueBetween(1, 3);
			assertThat(listener.threads).allMatch((name) -> name.startsWith("ordered-"));
		}
	}

	@Test
	void worksPartitionsAtTheSameTime() throws InterruptedException {
		broker.createStream(this.stream, 3);
		Meeting listener = new Meeting();
		try (TestApplication app = application().listener(listener).start()) {
			for (int p = 0; p < 3; p++) {
				app.template().newMessage("x").stream(this.stream).partition(p).send();
			}
			// Each waits for the others.
			eventually(() -> assertThat(listener.met.getCount()).isZero());
		}
	}

	@Test
	void aFutureCountsUntilItCompletes() {
		broker.createStream(this.stream, 3);
		Futures listener = new Futures();
		try (TestApplication app = application().listener(listener).start()) {
			for (int p = 0; p < 3; p++) {
				app.template().newMessage("x").stream(this.stream).partition(p).send().join();
			}
			for (int n = 1; n <= 3; n++) {
				int expected = n;
				eventually(() -> assertThat(listener.open).hasSize(1));
				await().during(Duration.ofMillis(200)).until(() -> listener.calls.get() == expected);
				listener.open.remove().complete(null);
			}
		}
	}

	@Test
	void needsNoThreadsWhileThereIsNothingToDo() {
		// Those of another test may take a moment to go.
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		broker.createStream(this.stream, PARTITIONS);
		try (TestApplication app = application().property("threads", "8").listener(new Ordered()).start()) {
			app.awaitRunning("ordered");
			assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
				.noneMatch((thread) -> thread.getName().startsWith("ordered-"));
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads need JDK 21")
	void runsOnVirtualThreads() throws ReflectiveOperationException {
		broker.createStream(this.stream, 2);
		ExecutorService executor = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
			.invoke(null);
		Threads listener = new Threads();
		try (TestApplication app = application().listener(listener)
			.factory((factory) -> factory.setTaskExecutor(executor))
			.start()) {
			app.template().newMessage("a").stream(this.stream).partition(0).send();
			app.template().newMessage("b").stream(this.stream).partition(1).send();
			eventually(() -> assertThat(listener.threads).hasSizeGreaterThanOrEqualTo(2));
			Method isVirtual = Thread.class.getMethod("isVirtual");
			for (Thread thread : List.copyOf(listener.threads)) {
				assertThat(isVirtual.invoke(thread)).isEqualTo(true);
			}
			app.container("threads").stop();
			assertThat(app.cursor("threads", this.stream, 0)).isZero();
		}
		assertThat(executor.isShutdown()).as("a given executor is not closed").isFalse();
		executor.shutdown();
	}

	static class Ordered {

		final AtomicInteger total = new AtomicInteger();

		final AtomicInteger most = new AtomicInteger();

		final Queue<String> disorder = new ConcurrentLinkedQueue<>();

		final Set<String> threads = ConcurrentHashMap.newKeySet();

		private final AtomicInteger running = new AtomicInteger();

		private final Map<Integer, Integer> last = new ConcurrentHashMap<>();

		@LiftbridgeListener(id = "ordered", streams = "${in}", concurrency = "${threads}")
		void on(String text, @Header(LiftbridgeHeaders.PARTITION) int partition) {
			this.most.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			this.threads.add(Thread.currentThread().getName());
			int number = Integer.parseInt(text);
			Integer before = this.last.put(partition, number);
			if (number != ((before != null) ? before + 1 : 0)) {
				this.disorder.add(partition + ": " + number + " after " + before);
			}
			this.running.decrementAndGet();
			this.total.incrementAndGet();
		}

	}

	static class Meeting {

		final CountDownLatch met = new CountDownLatch(3);

		@LiftbridgeListener(streams = "${in}", concurrency = "3")
		void on(String text) throws InterruptedException {
			this.met.countDown();
			this.met.await();
		}

	}

	static class Futures {

		final AtomicInteger calls = new AtomicInteger();

		final Queue<CompletableFuture<?>> open = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(streams = "${in}", concurrency = "1")
		CompletableFuture<?> on(String text) {
			CompletableFuture<?> future = new CompletableFuture<>();
			this.calls.incrementAndGet();
			this.open.add(future);
			return future;
		}

	}

	static class Threads {

		final Queue<Thread> threads = new ConcurrentLinkedQueue<>();

		@LiftbridgeListener(id = "threads", streams = "${in}", concurrency = "2")
		void on(String text) {
			this.threads.add(Thread.currentThread());
		}

	}

}
