package io.liftbridge.client.producer;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A task that runs by itself, again and again while it is woken, never twice at once, on
 * a thread that ends when there is nothing to do.
 */
final class Turns {

	private final Runnable task;

	private final Work work;

	private final AtomicInteger pending = new AtomicInteger();

	Turns(Runnable task, String name) {
		this.task = task;
		this.work = new Work(null, name);
	}

	/** The task runs once more, from now on. */
	void wake() {
		if (this.pending.getAndIncrement() == 0) {
			this.work.execute(this::run);
		}
	}

	private void run() {
		int seen = 1;
		do {
			this.task.run();
			seen = this.pending.addAndGet(-seen);
		}
		while (seen != 0);
	}

	/** Needs no thread any more, and the task is to end. */
	void interrupt() {
		this.work.interrupt();
	}

	/** Needs no thread any more. */
	void shutdown() {
		this.work.shutdown();
	}

}
