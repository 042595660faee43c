package io.liftbridge.client.producer;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Bounds messages and bytes on their way. Without contention at the bound it is two
 * additions; who waits at the bound is woken when a quarter of the room is free, once for
 * many messages instead of once for each, and after a while is left the room it needs.
 */
final class InFlightGate {

	/** The bound keeps a wake-up that was missed from mattering. */
	private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final int maxMessages;

	private final long maxBytes;

	private final AtomicInteger messages = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicInteger waiting = new AtomicInteger();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	private final Runnable onRoom;

	private final Runnable onFull;

	/**
	 * What is kept free for the one who has waited for long, as those who need less would
	 * take all room at once that becomes free. Set under the lock.
	 */
	private volatile @Nullable Claim claim;

	/** Whether somebody who does not block wants to be told of room. */
	private volatile boolean asked;

	InFlightGate(int maxMessages, long maxBytes) {
		this(maxMessages, maxBytes, () -> {
		}, () -> {
		});
	}

	/**
	 * Creates it.
	 * @param onRoom is called when somebody leaves after {@link #ask}
	 * @param onFull is called when somebody wants to enter who cannot
	 */
	InFlightGate(int maxMessages, long maxBytes, Runnable onRoom, Runnable onFull) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
		this.onRoom = onRoom;
		this.onFull = onFull;
	}

	/** Enters, or else the next who leaves calls {@code onRoom}. */
	boolean ask(int count, int size) {
		this.asked = true;
		if (tryEnter(count, size)) {
			this.asked = false;
			return true;
		}
		this.onFull.run();
		return false;
	}

	boolean tryEnter(int size) {
		return tryEnter(1, size);
	}

	boolean tryEnter(int count, int size) {
		Claim first = this.claim;
		return (first == null || leaves(first, count, size)) && pass(count, size);
	}

	/** Whether there is room for both. */
	private boolean leaves(Claim first, int count, int size) {
		return this.messages.get() + count <= this.maxMessages - first.count
				&& this.bytes.get() + size <= this.maxBytes - first.size;
	}

	private boolean pass(int count, int size) {
		int now = this.messages.addAndGet(count);
		if (now <= this.maxMessages || now == count) {
			long before = this.bytes.getAndAdd(size);
			if (before == 0 || before + size <= this.maxBytes) {
				return true;
			}
			this.bytes.addAndGet(-size);
		}
		this.messages.addAndGet(-count);
		return false;
	}

	/** Enters although it may be full. */
	void force(int count, int size) {
		this.messages.addAndGet(count);
		this.bytes.addAndGet(size);
	}

	boolean enter(int size, long timeoutNanos) throws InterruptedException {
		return enter(1, size, timeoutNanos);
	}

	boolean enter(int count, int size, long timeoutNanos) throws InterruptedException {
		if (tryEnter(count, size)) {
			return true;
		}
		this.waiting.incrementAndGet();
		try {
			// After it can be seen that somebody waits.
			this.onFull.run();
			return await(count, size, timeoutNanos);
		}
		finally {
			this.waiting.decrementAndGet();
		}
	}

	private boolean await(int count, int size, long timeoutNanos) throws InterruptedException {
		long remaining = timeoutNanos;
		boolean first = false;
		this.lock.lockInterruptibly();
		try {
			while (first ? !pass(count, size) : !tryEnter(count, size)) {
				if (remaining <= 0) {
					return false;
				}
				if (this.claim == null && timeoutNanos - remaining >= GLANCE_NANOS) {
					this.claim = new Claim(count, size);
					first = true;
				}
				long slice = Math.min(remaining, GLANCE_NANOS);
				remaining -= slice - this.room.awaitNanos(slice);
			}
			return true;
		}
		finally {
			if (first) {
				this.claim = null;
			}
			this.lock.unlock();
		}
	}

	void leave(int count, long size) {
		int left = this.messages.addAndGet(-count);
		long leftBytes = this.bytes.addAndGet(-size);
		if (this.waiting.get() > 0 && left <= this.maxMessages - this.maxMessages / 4
				&& leftBytes <= this.maxBytes - this.maxBytes / 4) {
			this.lock.lock();
			try {
				this.room.signalAll();
			}
			finally {
				this.lock.unlock();
			}
		}
		if (this.asked) {
			this.asked = false;
			this.onRoom.run();
		}
	}

	/** Whether anybody waits for room. */
	boolean isWaitedFor() {
		return this.waiting.get() > 0 || this.asked;
	}

	int inFlight() {
		return Math.min(this.messages.get(), this.maxMessages);
	}

	private record Claim(int count, int size) {
	}

}
