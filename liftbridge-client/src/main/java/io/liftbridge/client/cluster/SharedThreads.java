package io.liftbridge.client.cluster;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * A few threads for short tasks of many. One that is held up, for instance by a listener
 * that waits for a database, does not count any more after a moment: another one takes
 * its place, so that nobody waits for ever for somebody else's listener. Threads go when
 * they are idle. Safe for use by many threads. For use inside the client and by
 * listeners.
 */
public final class SharedThreads {

	/** What waits on the network looks as if it computed, for so many times as long. */
	private static final int DOUBT = 5;

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(100);

	/** How long a thread with nothing to do is called after what it has done. */
	private static final long NAMED_NANOS = Duration.ofMillis(500).toNanos();

	private final String name;

	private final int few;

	private final BiConsumer<Runnable, Duration> timer;

	private final long patienceNanos;

	private final long idleNanos;

	/** Not that of whoever hands in a task, which may know less. */
	private final @Nullable ClassLoader classLoader = Thread.currentThread().getContextClassLoader();

	private final ReentrantLock lock = new ReentrantLock();

	private final Deque<Task> tasks = new ArrayDeque<>();

	private final Set<Worker> workers = new HashSet<>();

	/**
	 * Those that wait, the last one first: it may still be called after what comes next,
	 * and the others may go.
	 */
	private final Deque<Worker> waiting = new ArrayDeque<>();

	private int idle;

	private int started;

	private boolean checking;

	private boolean closed;

	/**
	 * Creates them; none runs yet.
	 * @param name of threads that have nothing to do
	 * @param few how many work at a time, apart from those that are held up
	 * @param patience after which one that waits is held up
	 * @param timer runs something after a while
	 * @param idleTime after which a thread goes
	 */
	public SharedThreads(String name, int few, Duration patience, BiConsumer<Runnable, Duration> timer,
			Duration idleTime) {
		this.name = name;
		this.few = few;
		this.patienceNanos = patience.toNanos();
		this.timer = timer;
		this.idleNanos = idleTime.toNanos();
	}

	/**
	 * Runs tasks on threads that are called after them meanwhile.
	 * @param taskName the name, to which a number is added
	 * @return runs tasks
	 */
	public Executor named(String taskName) {
		return (task) -> execute(new Task(taskName, task));
	}

	private void execute(Task task) {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new RejectedExecutionException("The application ends");
			}
			this.tasks.add(task);
			attend();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Belongs to the lock, as everything here. */
	private void attend() {
		Worker latest = this.waiting.poll();
		if (latest != null) {
			latest.work.signal();
		}
		while (this.tasks.size() > this.idle && this.workers.size() < this.few + heldUp() && addWorker()) {
			// One more may be needed.
		}
		if (this.tasks.size() > this.idle && !this.checking) {
			try {
				this.timer.accept(this::check, CHECK_INTERVAL);
				this.checking = true;
			}
			catch (RejectedExecutionException ex) {
				// The application ends; those that run see to what is left.
			}
		}
	}

	private int heldUp() {
		if (this.workers.size() < this.few) {
			return 0;
		}
		long now = System.nanoTime();
		return (int) this.workers.stream().filter((worker) -> worker.isHeldUp(now)).count();
	}

	/** Returns {@code false} if the system gives no more threads. */
	private boolean addWorker() {
		Worker worker = new Worker(++this.started);
		this.workers.add(worker);
		// It takes a task as soon as it runs, and counts as idle until then.
		this.idle++;
		try {
			worker.thread.start();
			return true;
		}
		catch (Error ex) {
			this.idle--;
			this.workers.remove(worker);
			if (this.workers.isEmpty()) {
				this.tasks.pollLast();
				throw ex;
			}
			return false;
		}
	}

	private void check() {
		this.lock.lock();
		try {
			this.checking = false;
			if (!this.tasks.isEmpty() && !this.closed) {
				attend();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes no more tasks. What was handed in is still done.
	 */
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.workers.forEach((worker) -> worker.work.signal());
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes no more tasks. What runs is interrupted, what was handed in is forgotten.
	 */
	public void closeNow() {
		this.lock.lock();
		try {
			this.tasks.clear();
			this.workers.forEach((worker) -> worker.thread.interrupt());
			close();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Something to do.
	 *
	 * @param name for the thread
	 */
	private record Task(String name, Runnable action) {

	}

	/** One thread. */
	private final class Worker implements Runnable {

		private final int number;

		private final Thread thread;

		private final Condition work = SharedThreads.this.lock.newCondition();

		/** After whom it is called: another name takes the system as long as a task. */
		private String called;

		private @Nullable Task current;

		private long begun;

		Worker(int number) {
			this.number = number;
			this.called = SharedThreads.this.name;
			this.thread = new Thread(this, this.called + "-" + number);
			this.thread.setDaemon(true);
		}

		private void call(String name) {
			if (!name.equals(this.called)) {
				this.called = name;
				this.thread.setName(name + "-" + this.number);
			}
		}

		boolean isHeldUp(long now) {
			long taken = (this.current != null) ? now - this.begun : 0;
			return taken > DOUBT * SharedThreads.this.patienceNanos
					|| (taken > SharedThreads.this.patienceNanos && this.thread.getState() != Thread.State.RUNNABLE);
		}

		@Override
		public void run() {
			Task task = next(true);
			while (task != null) {
				call(task.name());
				this.thread.setContextClassLoader(SharedThreads.this.classLoader);
				try {
					task.action().run();
				}
				catch (Throwable ex) {
					this.thread.getUncaughtExceptionHandler().uncaughtException(this.thread, ex);
				}
				// Whoever comes next has nothing to do with it.
				Thread.interrupted();
				task = next(false);
			}
		}

		private @Nullable Task next(boolean first) {
			ReentrantLock guard = SharedThreads.this.lock;
			guard.lock();
			try {
				this.current = null;
				if (!first) {
					SharedThreads.this.idle++;
				}
				Task task = await();
				SharedThreads.this.idle--;
				this.current = task;
				this.begun = System.nanoTime();
				if (task == null) {
					SharedThreads.this.workers.remove(this);
				}
				return task;
			}
			finally {
				guard.unlock();
			}
		}

		private @Nullable Task await() {
			long left = SharedThreads.this.idleNanos;
			while (SharedThreads.this.tasks.isEmpty() && left > 0 && !SharedThreads.this.closed) {
				left = await(left);
			}
			SharedThreads.this.waiting.remove(this);
			return SharedThreads.this.tasks.poll();
		}

		/** Waits for a moment at first: the next task may be of the same name. */
		private long await(long nanos) {
			long moment = this.called.equals(SharedThreads.this.name) ? nanos : Math.min(nanos, NAMED_NANOS);
			long left = moment;
			if (!SharedThreads.this.waiting.contains(this)) {
				// Otherwise it keeps its place.
				SharedThreads.this.waiting.push(this);
			}
			try {
				left = this.work.awaitNanos(moment);
			}
			catch (InterruptedException ex) {
				// It was meant for what is over.
			}
			if (left <= 0) {
				call(SharedThreads.this.name);
			}
			return nanos - moment + left;
		}

	}

}
