package io.liftbridge.sample;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.spring.core.LiftbridgeTemplate;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Publishes the gauges of this JVM and this machine. The metric is the key, so that the
 * readings of one metric stay in one partition and in order.
 */
@Component
class ReadingPublisher {

	private static final Logger logger = LoggerFactory.getLogger(ReadingPublisher.class);

	private static final double PERCENT = 100;

	private static final double MEBIBYTE = 1.0 / (1024 * 1024);

	private final LiftbridgeTemplate liftbridge;

	private final MeterRegistry meters;

	private final AtomicBoolean failing = new AtomicBoolean();

	ReadingPublisher(LiftbridgeTemplate liftbridge, MeterRegistry meters) {
		this.liftbridge = liftbridge;
		this.meters = meters;
	}

	@Scheduled(fixedRate = 200)
	void publish() {
		for (Reading reading : readings()) {
			try {
				this.liftbridge.send("readings", reading.metric(), reading)
					.whenComplete((ack, failure) -> report(failure));
			}
			catch (LiftbridgeException ex) {
				report(ex);
			}
		}
	}

	private List<Reading> readings() {
		return List.of(reading("cpu.system", "%", PERCENT, "system.cpu.usage"),
				reading("cpu.process", "%", PERCENT, "process.cpu.usage"),
				reading("memory.heap", "MiB", MEBIBYTE, "jvm.memory.used", "area", "heap"),
				reading("memory.committed", "MiB", MEBIBYTE, "jvm.memory.committed", "area", "heap"),
				reading("memory.nonheap", "MiB", MEBIBYTE, "jvm.memory.used", "area", "nonheap"),
				reading("gc.overhead", "%", PERCENT, "jvm.gc.overhead"),
				reading("threads.live", null, 1, "jvm.threads.live"),
				reading("threads.daemon", null, 1, "jvm.threads.daemon"),
				reading("threads.runnable", null, 1, "jvm.threads.states", "state", "runnable"));
	}

	/** The sum of all gauges of a name: memory, for instance, has one for each pool. */
	private Reading reading(String metric, @Nullable String unit, double scale, String meter, String... tags) {
		double sum = this.meters.find(meter).tags(tags).gauges().stream().mapToDouble(Gauge::value).sum();
		return new Reading(metric, Double.isFinite(sum) ? Math.max(0, sum * scale) : 0, unit);
	}

	private void report(@Nullable Throwable failure) {
		if (this.failing.getAndSet(failure != null) != (failure != null)) {
			logger.info("Readings {}", (failure != null) ? "are lost: " + failure.getMessage() : "are published again");
		}
	}

}
