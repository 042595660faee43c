package io.liftbridge.client.cluster;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Handles events one at a time, in order, on whichever thread brings them, without a
 * lock: a thread that finds another one at work leaves its event behind. The state that
 * the handler touches needs no other protection. For use inside the client.
 *
 * @param <E> the events
 */
public final class Serial<E> {

	private final Queue<E> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private final Consumer<E> handler;

	/**
	 * Creates it.
	 * @param handler what to do with an event; must not throw
	 */
	public Serial(Consumer<E> handler) {
		this.handler = handler;
	}

	/**
	 * Handles the event now, or leaves it to the thread that is at work.
	 * @param event the event
	 */
	public void post(E event) {
		if (this.pending.compareAndSet(0, 1)) {
			// Nobody is at work, so nothing is queued: no need to queue this one.
			this.handler.accept(event);
			if (this.pending.compareAndSet(1, 0)) {
				return;
			}
		}
		else {
			this.queue.add(event);
			if (this.pending.getAndIncrement() != 0) {
				return;
			}
		}
		int seen = 1;
		do {
			// Takes all, not as many as were counted: an event is queued before it is
			// counted, and taking it for another one would leave that one behind.
			for (E next = this.queue.poll(); next != null; next = this.queue.poll()) {
				this.handler.accept(next);
			}
			seen = this.pending.addAndGet(-seen);
		}
		while (seen != 0);
	}

}
