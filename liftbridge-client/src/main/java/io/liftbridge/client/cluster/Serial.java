package io.liftbridge.client.cluster;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Handles events one at a time, in order, on whichever thread brings them, without a
 * lock: a thread that finds another one at work leaves its event behind. The state that
 * the handler touches needs no other protection. What a thread does for others is
 * bounded. For use inside the client.
 *
 * @param <E> the events
 */
public final class Serial<E> {

	/** How many events of others one thread handles in a row. */
	static final int ENOUGH = 1024;

	private final Queue<E> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private final Consumer<E> handler;

	private final @Nullable Executor relief;

	/** Whether a thread has gone that had done enough for others. */
	private final AtomicBoolean abandoned = new AtomicBoolean();

	/** What the thread that has gone had counted; handed over by {@link #abandoned}. */
	private int counted;

	/**
	 * Creates one for few events: the thread that is at work stays until all is done.
	 * @param handler what to do with an event; must not throw
	 */
	public Serial(Consumer<E> handler) {
		this(handler, null);
	}

	/**
	 * Creates it.
	 * @param handler what to do with an event; must not throw
	 * @param relief goes on where a thread has done enough for others, unless another one
	 * comes by first; {@code null} if no thread ever has
	 */
	public Serial(Consumer<E> handler, @Nullable Executor relief) {
		this.handler = handler;
		this.relief = relief;
	}

	/**
	 * Handles the event now, or leaves it to the thread that is at work.
	 * @param event the event
	 */
	public void post(E event) {
		if (this.pending.compareAndSet(0, 1)) {
			// Nobody is at work, so nothing is queued: no need to queue this one.
			this.handler.accept(event);
			if (!this.pending.compareAndSet(1, 0)) {
				drain(1);
			}
			return;
		}
		this.queue.add(event);
		if (this.pending.getAndIncrement() == 0) {
			drain(1);
		}
		else if (this.abandoned.get()) {
			takeOver();
		}
	}

	private void drain(int taken) {
		int seen = taken;
		int done = 0;
		do {
			// Takes all, not as many as were counted: an event is queued before it is
			// counted, and taking it for another one would leave that one behind.
			for (E next = this.queue.poll(); next != null; next = this.queue.poll()) {
				this.handler.accept(next);
				if (++done >= ENOUGH && this.relief != null) {
					if (leave(seen, this.relief)) {
						return;
					}
					seen = this.counted;
					done = 0;
				}
			}
			seen = this.pending.addAndGet(-seen);
		}
		while (seen != 0);
	}

	/** The count stays above zero, so that nobody begins anew meanwhile. */
	private boolean leave(int seen, Executor to) {
		this.counted = seen;
		this.abandoned.set(true);
		try {
			to.execute(this::takeOver);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return !this.abandoned.compareAndSet(true, false);
		}
	}

	private void takeOver() {
		if (this.abandoned.compareAndSet(true, false)) {
			drain(this.counted);
		}
	}

}
