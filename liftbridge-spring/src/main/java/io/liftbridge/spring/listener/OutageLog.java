package io.liftbridge.spring.listener;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what happens to many partitions at the same time in one line per listener.
 */
final class OutageLog {

	private static final Logger logger = LoggerFactory.getLogger(OutageLog.class);

	private static final long COLLECT_MILLIS = 300;

	private final String listenerId;

	private final ScheduledExecutorService timer;

	private final ReentrantLock lock = new ReentrantLock();

	private Map<Kind, Entry> entries = new EnumMap<>(Kind.class);

	OutageLog(String listenerId, ScheduledExecutorService timer) {
		this.listenerId = listenerId;
		this.timer = timer;
	}

	void note(Kind kind, String stream, int partition, @Nullable String reason) {
		this.lock.lock();
		try {
			if (this.entries.isEmpty()) {
				schedule();
			}
			this.entries.computeIfAbsent(kind, (key) -> new Entry(reason)).places
				.computeIfAbsent(stream, (key) -> new TreeSet<>())
				.add(partition);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void schedule() {
		try {
			this.timer.schedule(this::write, COLLECT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application ends, and whoever has something to tell must get on with
			// it.
			logger.debug("Listener '{}': what happens from now on is not logged", this.listenerId);
		}
	}

	private void write() {
		Map<Kind, Entry> collected;
		this.lock.lock();
		try {
			collected = this.entries;
			this.entries = new EnumMap<>(Kind.class);
		}
		finally {
			this.lock.unlock();
		}
		collected.forEach((kind, entry) -> {
			if (entry.reason != null) {
				logger.warn("Listener '{}' {} {}, trying again: {}", this.listenerId, kind.text, entry.places,
						entry.reason);
			}
			else {
				logger.info("Listener '{}' {} {}", this.listenerId, kind.text, entry.places);
			}
		});
	}

	/** What can happen. */
	enum Kind {

		INTERRUPTED("receives nothing from"), LIVE("is live again on"), CURSOR_FAILED("cannot store its position in"),
		CURSOR_STORED("has stored its position again in");

		private final String text;

		Kind(String text) {
			this.text = text;
		}

	}

	/** What happened, where, and the first reason. */
	private static final class Entry {

		private final Map<String, TreeSet<Integer>> places = new TreeMap<>();

		private final @Nullable String reason;

		Entry(@Nullable String reason) {
			this.reason = reason;
		}

	}

}
