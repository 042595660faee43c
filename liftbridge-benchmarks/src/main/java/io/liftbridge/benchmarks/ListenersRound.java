package io.liftbridge.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import com.sun.management.OperatingSystemMXBean;
import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.stream.StreamSpec;
import io.liftbridge.spring.annotation.LiftbridgeListener;
import io.liftbridge.spring.listener.ContainerState;
import io.liftbridge.spring.listener.ListenerContainer;

/**
 * One application with many listeners, each on a stream of its own: how long it takes to
 * start and stop, and what it costs while there is nothing to do. All streams have the
 * same subject, so that one message reaches all listeners at the same time.
 */
final class ListenersRound {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

	/** To each listener. */
	private static final int MESSAGES = 100;

	private static final int COLLECTIONS = 3;

	private static final Duration SETTLING = Duration.ofSeconds(10);

	private final Options options;

	private final String seeds;

	private final int threadsBefore;

	ListenersRound(Options options, String seeds) {
		this.options = options;
		this.seeds = seeds;
		this.threadsBefore = THREADS.getThreadCount();
	}

	Sample run() throws Exception {
		try (LiftbridgeClient client = LiftbridgeClient.builder().seeds(this.seeds).build()) {
			IntStream.rangeClosed(0, this.options.n())
				.mapToObj((i) -> StreamSpec.named(stream(i)).subject(subject()))
				.forEach(client.streams()::createIfAbsent);
		}
		// First, so that nothing is warm.
		Sample many = run(this.options.n());
		Sample one = run(1);
		double heap = (many.get("heapKiB") - one.get("heapKiB")) / Math.max(1, this.options.n() - 1);
		double used = (many.get("usedHeapKiB") - one.get("usedHeapKiB")) / Math.max(1, this.options.n() - 1);
		return many.with("heapOfOneKiB", one.get("heapKiB"))
			.with("heapPerListenerKiB", heap)
			.with("heapPerUsedListenerKiB", used);
	}

	private Sample run(int listeners) throws Exception {
		CountDownLatch open = new CountDownLatch(listeners * MESSAGES);
		THREADS.resetPeakThreadCount();
		long begun = System.nanoTime();
		long cpu = SYSTEM.getProcessCpuTime();
		ListenerApplication application = new ListenerApplication(this.options, this.seeds);
		try {
			application.add("streams", Iterator.class, IntStream.range(0, listeners).mapToObj(this::stream).iterator());
			for (int i = 0; i < listeners; i++) {
				application.add("reader" + i, Reader.class, new Reader(open));
			}
			application.start();
			Collection<ListenerContainer> containers = application.registry().containers();
			while (!containers.stream().allMatch((container) -> container.state() == ContainerState.RUNNING)) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
			}
			Sample sample = new Sample().with("n", listeners)
				.with("startSeconds", seconds(begun))
				.with("startCpuSeconds", (SYSTEM.getProcessCpuTime() - cpu) / 1e9)
				.with("threadsAtStart", threads())
				.with("heapKiB", heap());
			sample = idle(sample);
			THREADS.resetPeakThreadCount();
			sample = messages(sample, application.client(), open);
			return stop(sample, application);
		}
		finally {
			application.close();
		}
	}

	/** Not what the start leaves to the compiler and the collector. */
	private Sample idle(Sample sample) {
		park((this.options.idle().compareTo(SETTLING) < 0) ? this.options.idle() : SETTLING);
		THREADS.resetPeakThreadCount();
		long cpu = SYSTEM.getProcessCpuTime();
		park(this.options.idle());
		return sample.with("idleCpuPercent", 100.0 * (SYSTEM.getProcessCpuTime() - cpu) / this.options.idle().toNanos())
			.with("threadsIdle", threads());
	}

	private Sample messages(Sample sample, LiftbridgeClient client, CountDownLatch open) throws Exception {
		byte[] value = new byte[this.options.size()];
		Meter meter = new Meter();
		CompletableFuture<?>[] sent = IntStream.range(0, MESSAGES)
			.mapToObj((i) -> client.publishToSubject(subject(), Message.of(value), Rounds.TIMEOUT))
			.toArray(CompletableFuture[]::new);
		CompletableFuture.allOf(sent).get();
		if (!open.await(Rounds.TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
			throw new IllegalStateException(open.getCount() + " messages have not arrived");
		}
		Sample delivered = meter.stop((int) sample.get("n") * MESSAGES);
		return sample.with("workSeconds", delivered.get("seconds"))
			.with("workCpuSeconds", delivered.get("cpuSeconds"))
			.with("threadsAtWork", threads())
			.with("usedHeapKiB", heap());
	}

	private Sample stop(Sample sample, ListenerApplication application) {
		long begun = System.nanoTime();
		application.close();
		return sample.with("stopSeconds", seconds(begun));
	}

	/** Most threads at a time, without those that the JVM had before. */
	private double threads() {
		return THREADS.getPeakThreadCount() - this.threadsBefore;
	}

	private static double heap() {
		for (int i = 0; i < COLLECTIONS; i++) {
			System.gc();
			park(Duration.ofMillis(200));
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0;
	}

	private static void park(Duration time) {
		long end = System.nanoTime() + time.toNanos();
		while (end - System.nanoTime() > 0) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

	private static double seconds(long begun) {
		return (System.nanoTime() - begun) / 1e9;
	}

	private String stream(int i) {
		return this.options.stream() + "-" + i;
	}

	private String subject() {
		return this.options.stream() + ".all";
	}

	/** Each bean takes the next stream. */
	static class Reader {

		private final CountDownLatch open;

		Reader(CountDownLatch open) {
			this.open = open;
		}

		@LiftbridgeListener(streams = "#{streams.next()}")
		void on(byte[] value) {
			this.open.countDown();
		}

	}

}
