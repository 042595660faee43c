package io.liftbridge.spring.listener.delivery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a limited number of tasks at the same time on somebody else's threads. A task that
 * has to wait for something lets another one run meanwhile, so that a partition in
 * back-off does not hold up the others.
 */
public final class WorkerPool implements Executor {

	private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final Executor threads;

	private final int limit;

	private final Semaphore permits;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger runners = new AtomicInteger();

	private final ThreadLocal<Permit> current = new ThreadLocal<>();

	/**
	 * Creates a pool.
	 * @param threads gives a thread for each task; must not make tasks wait for one
	 * another
	 * @param limit how many tasks run at the same time
	 */
	public WorkerPool(Executor threads, int limit) {
		this.threads = threads;
		this.limit = limit;
		this.permits = new Semaphore(limit, true);
	}

	/**
	 * Tells whether a task that comes now has to wait for others.
	 * @return whether as many run as may
	 */
	public boolean isBusy() {
		return this.permits.availablePermits() == 0;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		addRunner();
	}

	private void addRunner() {
		int count = this.runners.get();
		while (count < this.limit && !this.tasks.isEmpty()) {
			if (this.runners.compareAndSet(count, count + 1)) {
				startRunner();
				return;
			}
			count = this.runners.get();
		}
	}

	private void startRunner() {
		try {
			this.threads.execute(this::run);
		}
		catch (RuntimeException | Error ex) {
			this.runners.decrementAndGet();
			throw ex;
		}
	}

	private void run() {
		boolean more;
		do {
			try {
				takeTurn();
			}
			catch (RuntimeException | Error ex) {
				this.runners.decrementAndGet();
				findRunner();
				throw ex;
			}
			this.runners.decrementAndGet();
			more = !findRunner();
			if (more) {
				this.runners.incrementAndGet();
			}
		}
		while (more);
	}

	private void takeTurn() {
		Permit permit = new Permit();
		this.current.set(permit);
		try {
			Runnable task = this.tasks.poll();
			long begun = System.nanoTime();
			while (task != null) {
				// Fair, so that tasks that have waited get their turn again.
				permit.acquire();
				try {
					task.run();
				}
				finally {
					permit.release();
				}
				// Whoever shares the thread gets it again, now and then.
				task = (System.nanoTime() - begun < TURN_NANOS) ? this.tasks.poll() : null;
			}
		}
		finally {
			this.current.remove();
		}
	}

	/** Returns {@code false} if nobody gives a thread at the moment. */
	private boolean findRunner() {
		try {
			addRunner();
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/**
	 * Waits for something within a task, and lets another task run meanwhile.
	 * @param wait waits; if it throws something, the task must end
	 */
	void yielding(Runnable wait) {
		Permit permit = this.current.get();
		if (permit == null) {
			wait.run();
			return;
		}
		permit.release();
		this.runners.decrementAndGet();
		try {
			// Where there is no thread for them, others wait until this one goes on.
			findRunner();
			wait.run();
		}
		finally {
			this.runners.incrementAndGet();
		}
		permit.acquire();
	}

	/** The right of one thread to run a task. */
	private final class Permit {

		private boolean held;

		void acquire() {
			WorkerPool.this.permits.acquireUninterruptibly();
			this.held = true;
		}

		void release() {
			if (this.held) {
				this.held = false;
				WorkerPool.this.permits.release();
			}
		}

	}

}
