package io.liftbridge.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * Time, processor time and allocation of this process since its creation: all threads,
 * those of the compiler and the collector, too, as far as processor time goes.
 */
final class Meter {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final long cpu = SYSTEM.getProcessCpuTime();

	private final Map<Long, Long> allocated = allocated();

	private final long start = System.nanoTime();

	/** Bytes by thread, of those that live: what one had allocated that ends is lost. */
	private static Map<Long, Long> allocated() {
		long[] threads = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(threads);
		Map<Long, Long> allocated = new HashMap<>();
		for (int i = 0; i < threads.length; i++) {
			allocated.put(threads[i], Math.max(0, bytes[i]));
		}
		return allocated;
	}

	private double allocatedSince() {
		double sum = 0;
		for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
			sum += thread.getValue() - this.allocated.getOrDefault(thread.getKey(), 0L);
		}
		return sum;
	}

	/** What was measured until now, in the terms that the peers use. */
	Sample stop(int n) {
		double seconds = (System.nanoTime() - this.start) / 1e9;
		double cpuSeconds = (SYSTEM.getProcessCpuTime() - this.cpu) / 1e9;
		double bytes = allocatedSince();
		return new Sample().with("n", n)
			.with("seconds", seconds)
			.with("rate", n / seconds)
			.with("cpuSeconds", cpuSeconds)
			.with("allocatedBytesPerMessage", bytes / n);
	}

}
