package io.liftbridge.spring.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was not even sent, of all factories. What nobody has looked at for some time is
 * logged, all of it together, as it comes at the rate of messages: of what fails later
 * the producers log the same.
 */
final class Refusals {

	private static final Logger logger = LoggerFactory.getLogger(ProducerFactory.class);

	private static final long INTERVAL_MILLIS = 1000;

	private static final int KEPT = 100;

	private static final int NAMED = 10;

	private static final ReentrantLock lock = new ReentrantLock();

	/** What has come since the last line. */
	private static @Nullable Refusals present;

	private final AtomicInteger unobserved = new AtomicInteger();

	private final List<RefusedSend<?>> first = new ArrayList<>();

	private @Nullable RefusedSend<?> latest;

	private Refusals() {
	}

	/**
	 * A future that has failed.
	 * @param messages how many messages it is about
	 */
	static <T> CompletableFuture<T> refuse(String stream, int messages, Throwable reason) {
		Refusals begun = null;
		RefusedSend<T> refused;
		lock.lock();
		try {
			Refusals refusals = present;
			if (refusals == null) {
				refusals = new Refusals();
				present = refusals;
				begun = refusals;
			}
			refused = new RefusedSend<>(stream, reason, Math.max(1, messages), refusals.unobserved);
			refusals.add(refused);
		}
		finally {
			lock.unlock();
		}
		if (begun != null) {
			Refusals due = begun;
			CompletableFuture.delayedExecutor(INTERVAL_MILLIS, TimeUnit.MILLISECONDS).execute(() -> log(due));
		}
		return refused;
	}

	/** Logs what nobody has looked at so far. */
	static void log() {
		log(null);
	}

	/**
	 * Logs.
	 * @param due what is to be logged unless it was, {@code null} for whatever there is
	 */
	private static void log(@Nullable Refusals due) {
		Refusals refusals;
		lock.lock();
		try {
			refusals = present;
			if (due != null && due != refusals) {
				return;
			}
			present = null;
		}
		finally {
			lock.unlock();
		}
		if (refusals != null) {
			refusals.logUnobserved();
		}
	}

	private void add(RefusedSend<?> refused) {
		if (this.first.size() < KEPT) {
			this.first.add(refused);
		}
		this.latest = refused;
	}

	private void logUnobserved() {
		int count = this.unobserved.get();
		if (count <= 0) {
			return;
		}
		List<RefusedSend<?>> left = new ArrayList<>(this.first);
		left.removeIf(RefusedSend::isObserved);
		if (left.isEmpty() && this.latest != null) {
			left.add(this.latest);
		}
		String streams = left.stream()
			.map((refused) -> "'" + refused.stream() + "'")
			.distinct()
			.limit(NAMED)
			.toList()
			.toString();
		logger.warn("{} message(s) to stream(s) {} failed that nobody waits for at the moment, the first: {}", count,
				streams, left.isEmpty() ? "" : left.get(0).reason().toString());
	}

}
