package io.liftbridge.spring.listener.delivery;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

import org.jspecify.annotations.Nullable;

/**
 * Stores the position of one partition in the background: never backwards, one write at a
 * time, those in between bundled, again and again until it succeeds. Safe for use by many
 * threads.
 */
public final class CursorWriter {

	private static final long NOTHING = -1;

	private final LongFunction<CompletableFuture<Void>> store;

	private final String cursorId;

	private final ScheduledExecutorService timer;

	private final Duration interval;

	private final CursorPace pace;

	private final RecoveryPause pauses;

	private final DeliveryMonitor monitor;

	private final AtomicLong wanted = new AtomicLong(NOTHING);

	private final ReentrantLock lock = new ReentrantLock();

	private volatile long epoch;

	private volatile long stored = NOTHING;

	private volatile boolean active;

	private volatile boolean closed;

	private volatile @Nullable String error;

	private boolean flushing;

	private @Nullable ScheduledFuture<?> scheduled;

	private @Nullable CompletableFuture<Void> flushed;

	/**
	 * Creates a writer.
	 * @param store stores a position; the future completes when it is stored
	 * @param cursorId how the cursor is called, for people
	 * @param timer begins writes; is not blocked
	 * @param interval least time between two writes
	 * @param pace makes that longer where many write
	 * @param maxPause longest time between attempts after a failure
	 * @param monitor is told when storing fails and when it succeeds again
	 */
	public CursorWriter(LongFunction<CompletableFuture<Void>> store, String cursorId, ScheduledExecutorService timer,
			Duration interval, CursorPace pace, Duration maxPause, DeliveryMonitor monitor) {
		this.store = store;
		this.cursorId = cursorId;
		this.timer = timer;
		this.interval = interval;
		this.pace = pace;
		this.pauses = new RecoveryPause(maxPause);
		this.monitor = monitor;
	}

	/**
	 * Tells what is stored at the beginning, and allows positions above it.
	 * @param position the stored position, -1 for none
	 */
	public void reset(long position) {
		this.lock.lock();
		try {
			this.epoch++;
			this.wanted.set(position);
			this.stored = position;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tells which positions are meant: those before and after a reset are of different
	 * messages.
	 * @return counts the resets
	 */
	long epoch() {
		return this.epoch;
	}

	/**
	 * Wants a position to be stored, unless there was a reset since.
	 * @param position offset of a message
	 * @param epoch what {@link #epoch()} was when the message was delivered
	 */
	void advance(long position, long epoch) {
		this.lock.lock();
		try {
			if (epoch == this.epoch) {
				advance(position);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wants a position to be stored, unless it is lower than one before.
	 * @param position offset of the last processed message
	 */
	public void advance(long position) {
		if (position <= this.wanted.get()) {
			return;
		}
		this.wanted.accumulateAndGet(position, Math::max);
		if (!this.active) {
			begin();
		}
	}

	private void begin() {
		this.lock.lock();
		try {
			if (!this.active && !this.closed && this.wanted.get() > this.stored) {
				active(true);
				write();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Belongs to the lock. */
	private void active(boolean now) {
		if (now && !this.active) {
			this.pace.begun();
		}
		else if (!now && this.active) {
			this.pace.ended();
		}
		this.active = now;
	}

	private void write() {
		long position = this.wanted.get();
		CompletableFuture<Void> answer;
		try {
			answer = this.store.apply(position);
		}
		catch (RuntimeException ex) {
			answer = CompletableFuture.failedFuture(ex);
		}
		answer.whenComplete((nothing, failure) -> written(position, failure));
	}

	private void written(long position, @Nullable Throwable failure) {
		CompletableFuture<Void> done = null;
		this.lock.lock();
		try {
			this.scheduled = null;
			if (failure == null) {
				succeeded(position);
			}
			else {
				failed(failure);
			}
			boolean more = this.wanted.get() > this.stored;
			if (this.closed || (failure == null && !more && (this.flushing || this.interval.isZero()))) {
				active(false);
			}
			else if (failure != null) {
				schedule(this.pauses.next());
			}
			else {
				schedule(this.flushing ? Duration.ZERO : this.pace.between(this.interval));
			}
			if (!more || this.closed) {
				done = this.flushed;
				this.flushed = null;
			}
		}
		finally {
			this.lock.unlock();
		}
		if (done != null) {
			done.complete(null);
		}
		if (!this.active) {
			begin();
		}
	}

	private void succeeded(long position) {
		if (position <= this.wanted.get()) {
			// Otherwise it was reset meanwhile.
			this.stored = position;
		}
		this.pauses.reset();
		if (this.error != null) {
			this.error = null;
			this.monitor.cursorStored();
		}
	}

	private void failed(Throwable failure) {
		Throwable cause = FailureText.causeOf(failure);
		String reason = "cursor '" + this.cursorId + "' cannot be stored: " + FailureText.of(cause);
		if (this.error == null && !this.closed) {
			this.monitor.cursorFailed(reason);
		}
		this.error = reason;
	}

	private void schedule(Duration pause) {
		try {
			this.scheduled = this.timer.schedule(this::next, pause.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application ends; nobody must wait for what cannot be stored any more.
			active(false);
			this.closed = true;
		}
	}

	private void next() {
		this.lock.lock();
		try {
			this.scheduled = null;
			if (this.closed || this.wanted.get() <= this.stored) {
				active(false);
			}
			else {
				write();
				return;
			}
		}
		finally {
			this.lock.unlock();
		}
		begin();
	}

	/**
	 * Stores what is wanted without further delay.
	 * @return completes when it is stored, or when this writer is closed; never fails
	 */
	public CompletableFuture<Void> flush() {
		this.lock.lock();
		try {
			this.flushing = true;
			if (this.closed || this.wanted.get() <= this.stored) {
				return CompletableFuture.completedFuture(null);
			}
			if (this.flushed == null) {
				this.flushed = new CompletableFuture<>();
			}
			CompletableFuture<Void> result = this.flushed;
			ScheduledFuture<?> waiting = this.scheduled;
			if (waiting != null && waiting.cancel(false)) {
				this.scheduled = null;
				write();
			}
			else if (!this.active) {
				active(true);
				write();
			}
			return result;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives up what is not stored.
	 * @return whether there was something to give up
	 */
	public boolean close() {
		CompletableFuture<Void> done;
		boolean lost;
		this.lock.lock();
		try {
			this.closed = true;
			lost = this.wanted.get() > this.stored;
			if (this.scheduled != null && this.scheduled.cancel(false)) {
				active(false);
			}
			done = this.flushed;
			this.flushed = null;
		}
		finally {
			this.lock.unlock();
		}
		if (done != null) {
			done.complete(null);
		}
		return lost;
	}

	/**
	 * The highest position that is to be stored.
	 * @return the position, -1 for none
	 */
	public long wanted() {
		return this.wanted.get();
	}

	/**
	 * The position that is stored.
	 * @return the position, -1 for none
	 */
	public long stored() {
		return this.stored;
	}

	/**
	 * Tells what is wrong.
	 * @return why the last attempt to store failed, {@code null} if it did not
	 */
	public @Nullable String error() {
		return this.error;
	}

}
