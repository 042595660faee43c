package io.liftbridge.embedded.stream;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.liftbridge.embedded.log.Nanos;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to streams as time goes by: cleaning of logs, and pausing of idle
 * partitions. Thread-safe.
 */
final class Housekeeping {

	private static final Logger logger = LoggerFactory.getLogger(Housekeeping.class);

	private final Consumer<Partition> pause;

	private final Map<Stream, Future<?>> cleaners = new ConcurrentHashMap<>();

	private final Map<Partition, Future<?>> idleWatches = new ConcurrentHashMap<>();

	private volatile @Nullable ScheduledExecutorService scheduler;

	/**
	 * Creates it, without a clock yet.
	 * @param pause pauses a partition
	 */
	Housekeeping(Consumer<Partition> pause) {
		this.pause = pause;
	}

	void start(ScheduledExecutorService scheduler) {
		this.cleaners.clear();
		this.idleWatches.clear();
		this.scheduler = scheduler;
	}

	void stop() {
		this.scheduler = null;
		this.cleaners.clear();
		this.idleWatches.clear();
	}

	void watch(Stream stream) {
		ScheduledExecutorService executor = this.scheduler;
		if (executor == null) {
			return;
		}
		long interval = Nanos.of(stream.options().cleanerInterval());
		try {
			this.cleaners.put(stream,
					executor.scheduleWithFixedDelay(() -> clean(stream), interval, interval, TimeUnit.NANOSECONDS));
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The broker stops", ex);
		}
		stream.partitions().forEach(this::watchIdle);
	}

	void unwatch(Stream stream) {
		Future<?> cleaner = this.cleaners.remove(stream);
		if (cleaner != null) {
			cleaner.cancel(false);
		}
		stream.partitions().forEach(this::unwatchIdle);
	}

	private void unwatchIdle(Partition partition) {
		Future<?> watch = this.idleWatches.remove(partition);
		if (watch != null) {
			watch.cancel(false);
		}
	}

	private void clean(Stream stream) {
		stream.partitions().forEach(Housekeeping::clean);
	}

	/** What fails in one partition must not keep the others from being cleaned. */
	private static void clean(Partition partition) {
		try {
			partition.log().clean();
		}
		catch (RuntimeException ex) {
			logger.warn("Cleaning stream {} partition {} failed", partition.stream().name(), partition.id(), ex);
		}
	}

	/**
	 * Starts to look at whether a partition is idle. Ends when it is paused.
	 */
	void watchIdle(Partition partition) {
		Duration autoPause = partition.stream().options().autoPauseTime();
		unwatchIdle(partition);
		if (autoPause.compareTo(Duration.ZERO) > 0 && !partition.isPaused()) {
			lookAgain(partition, Nanos.of(autoPause));
		}
	}

	private void lookAgain(Partition partition, long delay) {
		ScheduledExecutorService executor = this.scheduler;
		if (executor == null) {
			return;
		}
		try {
			this.idleWatches.put(partition,
					executor.schedule(() -> pauseIfIdle(partition), delay, TimeUnit.NANOSECONDS));
		}
		catch (RejectedExecutionException ex) {
			logger.trace("The broker stops", ex);
		}
	}

	private void pauseIfIdle(Partition partition) {
		StreamOptions options = partition.stream().options();
		if (partition.isPaused() || !this.cleaners.containsKey(partition.stream())) {
			return;
		}
		long limit = Nanos.of(options.autoPauseTime());
		long idle = Nanos.now() - partition.lastReceived();
		boolean kept = options.autoPauseDisableIfSubscribers() && partition.hasSubscribers();
		if (idle > limit && !kept) {
			logger.debug("Partition {} of stream {} was idle for {} and pauses", partition.id(),
					partition.stream().name(), options.autoPauseTime());
			this.pause.accept(partition);
			return;
		}
		lookAgain(partition, (idle < limit) ? limit - idle : limit);
	}

}
