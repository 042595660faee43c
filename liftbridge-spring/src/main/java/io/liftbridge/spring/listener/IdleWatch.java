package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.liftbridge.spring.event.ListenerContainerIdleEvent;
import io.liftbridge.spring.event.ListenerContainerNoLongerIdleEvent;

/**
 * Tells the application when a listener has received nothing for some time, and when it
 * does again. Costs a volatile write per list of messages.
 */
final class IdleWatch {

	private final ContainerContext context;

	private final Object source;

	private final Duration interval;

	private final AtomicBoolean idle = new AtomicBoolean();

	private volatile long last = System.nanoTime();

	private volatile boolean stopped;

	IdleWatch(ContainerContext context, Object source, Duration interval) {
		this.context = context;
		this.source = source;
		this.interval = interval;
	}

	void start() {
		this.last = System.nanoTime();
		schedule(this.interval.toNanos());
	}

	private void schedule(long nanos) {
		ScheduledExecutorService timer = this.context.threads().timer();
		try {
			timer.schedule(this::check, nanos, TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application ends.
			this.stopped = true;
		}
	}

	private void check() {
		if (this.stopped) {
			return;
		}
		long passed = System.nanoTime() - this.last;
		long rest = this.interval.toNanos() - passed;
		if (rest > 0) {
			schedule(rest);
			return;
		}
		if (this.idle.compareAndSet(false, true)) {
			this.context
				.publish(new ListenerContainerIdleEvent(this.source, this.context.id(), Duration.ofNanos(passed)));
		}
		schedule(this.interval.toNanos());
	}

	void received() {
		long now = System.nanoTime();
		long before = this.last;
		this.last = now;
		if (this.idle.get() && this.idle.compareAndSet(true, false)) {
			this.context.publish(new ListenerContainerNoLongerIdleEvent(this.source, this.context.id(),
					Duration.ofNanos(now - before)));
		}
	}

	void stop() {
		this.stopped = true;
	}

}
