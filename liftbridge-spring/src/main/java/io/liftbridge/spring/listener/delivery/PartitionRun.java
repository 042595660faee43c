package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Whether a partition is being worked, by whom, and how to end that: pauses end at once,
 * a listener that runs is waited for.
 */
final class PartitionRun {

	private final WorkerPool pool;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final CompletableFuture<Void> idle = new CompletableFuture<>();

	private @Nullable Thread runner;

	private volatile boolean stopped;

	private volatile BooleanSupplier owned = () -> true;

	private volatile CompletableFuture<?> former = CompletableFuture.completedFuture(null);

	private boolean interrupted;

	PartitionRun(WorkerPool pool) {
		this.pool = pool;
	}

	/**
	 * Sets who tells whether the partition is to be worked. Asked before each message.
	 */
	void setOwned(BooleanSupplier owned) {
		this.owned = owned;
	}

	/** Sets whose end is waited for. */
	void setFormer(CompletableFuture<?> former) {
		this.former = former;
	}

	/** Begins to work. Returns {@code false} if it is too late for that. */
	boolean enter() {
		awaitFormer();
		this.lock.lock();
		try {
			if (!this.stopped) {
				this.runner = Thread.currentThread();
			}
			return !this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void awaitFormer() {
		CompletableFuture<?> before = this.former;
		if (!before.isDone()) {
			before.whenComplete((nothing, failure) -> signal());
			yielding(() -> {
				try {
					while (!before.isDone() && !this.stopped) {
						await(Long.MAX_VALUE);
					}
				}
				catch (DeliveryStoppedException ex) {
					// It is too late to begin.
				}
			});
		}
	}

	void leave() {
		this.lock.lock();
		try {
			this.runner = null;
			if (this.interrupted) {
				// It was meant for this work, not for what the thread does next.
				Thread.interrupted();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (this.stopped) {
			this.idle.complete(null);
		}
	}

	/** Asks for the end; completes when nothing runs any more. */
	CompletableFuture<Void> stop() {
		this.lock.lock();
		try {
			this.stopped = true;
			this.changed.signalAll();
			if (this.runner != null) {
				return this.idle;
			}
		}
		finally {
			this.lock.unlock();
		}
		this.idle.complete(null);
		return this.idle;
	}

	/** Interrupts what still runs. Returns whether something does. */
	boolean interrupt() {
		this.lock.lock();
		try {
			if (this.runner != null) {
				this.interrupted = true;
				this.runner.interrupt();
			}
			return this.runner != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isStopped() {
		return this.stopped;
	}

	boolean isRunByCurrentThread() {
		this.lock.lock();
		try {
			return this.runner == Thread.currentThread();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Not while a lock is held: others are asked.
	 * @throws DeliveryStoppedException after being asked to stop
	 * @throws PartitionDoubtedException if nobody is to work the partition at the moment
	 */
	void checkStopped() {
		throwIfStopped();
		if (!this.owned.getAsBoolean()) {
			throw new PartitionDoubtedException();
		}
	}

	private void throwIfStopped() {
		if (this.stopped) {
			throw new DeliveryStoppedException();
		}
	}

	/**
	 * Waits.
	 * @throws DeliveryStoppedException at once when asked to stop
	 */
	void pause(Duration pause) {
		if (pause.isZero()) {
			checkStopped();
			return;
		}
		yielding(() -> {
			long end = System.nanoTime() + pause.toNanos();
			while (end - System.nanoTime() > 0) {
				throwIfStopped();
				await(end - System.nanoTime());
			}
		});
		checkStopped();
	}

	/**
	 * Waits for a future of the listener, which counts as long as a listener that runs.
	 * @param grace how long to wait after being asked to stop
	 * @throws Throwable the future's failure, or {@link DeliveryStoppedException}
	 */
	void await(@Nullable CompletableFuture<?> future, Duration grace) throws Throwable {
		await(future, grace, this::locked);
	}

	/**
	 * Waits for a future, and lets other partitions run meanwhile.
	 * @param grace how long to wait after being asked to stop
	 * @throws Throwable the future's failure, or {@link DeliveryStoppedException}
	 */
	void awaitAside(@Nullable CompletableFuture<?> future, Duration grace) throws Throwable {
		await(future, grace, this::yielding);
	}

	private void await(@Nullable CompletableFuture<?> future, Duration grace, Consumer<Runnable> waiting)
			throws Throwable {
		if (future == null) {
			return;
		}
		if (!future.isDone()) {
			future.whenComplete((result, failure) -> signal());
			waiting.accept(() -> {
				while (!future.isDone() && !this.stopped) {
					await(Long.MAX_VALUE);
				}
				long end = System.nanoTime() + grace.toNanos();
				while (!future.isDone() && end - System.nanoTime() > 0) {
					await(end - System.nanoTime());
				}
				if (!future.isDone()) {
					throw new DeliveryStoppedException();
				}
			});
		}
		try {
			future.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/**
	 * Does something that may take its time, and lets other partitions run meanwhile.
	 * @param work must not throw anything
	 */
	void aside(Runnable work) {
		this.pool.yielding(work);
	}

	private void signal() {
		this.lock.lock();
		try {
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One wait, which a stray interruption only makes shorter. */
	private void await(long nanos) {
		try {
			this.changed.awaitNanos(nanos);
		}
		catch (InterruptedException ex) {
			throwIfStopped();
		}
	}

	private void yielding(Runnable wait) {
		this.pool.yielding(() -> locked(wait));
	}

	private void locked(Runnable wait) {
		this.lock.lock();
		try {
			wait.run();
		}
		finally {
			this.lock.unlock();
		}
	}

}
