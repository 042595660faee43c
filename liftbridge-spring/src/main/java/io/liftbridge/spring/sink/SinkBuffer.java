package io.liftbridge.spring.sink;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what waits in memory, of all partitions and of each, and makes who brings more
 * wait for room.
 */
final class SinkBuffer {

	private final int maxMessages;

	private final long maxBytes;

	private final long maxShare;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private int messages;

	private long bytes;

	private boolean refusing;

	private boolean closed;

	/**
	 * Creates it.
	 * @param maxShare most messages of a partition
	 */
	SinkBuffer(int maxMessages, long maxBytes, long maxShare) {
		this.maxMessages = maxMessages;
		this.maxBytes = maxBytes;
		this.maxShare = maxShare;
	}

	/**
	 * Waits for room. What is larger than all of it gets it alone.
	 * @return {@code false} if there will be none any more, of all or for the partition
	 */
	boolean acquire(Share share, int count, long size) throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			while (!this.closed && !share.refused && (this.refusing || !fits(share, count, size))) {
				this.changed.await();
			}
			if (this.closed || share.refused) {
				return false;
			}
			share.messages += count;
			this.messages += count;
			this.bytes += size;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean fits(Share share, int count, long size) {
		boolean all = this.messages == 0
				|| (this.messages + count <= this.maxMessages && this.bytes + size <= this.maxBytes);
		return all && (share.messages == 0 || share.messages + count <= this.maxShare);
	}

	/** Has nothing of a partition until it is told otherwise. */
	void refuse(Share share, boolean refused) {
		this.lock.lock();
		try {
			share.refused = refused;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void release(Share share, int count, long size) {
		this.lock.lock();
		try {
			share.messages -= count;
			this.messages -= count;
			this.bytes -= size;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	int messages() {
		this.lock.lock();
		try {
			return this.messages;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes nothing more, and waits until all is released.
	 * @return whether it is
	 */
	boolean drain(long nanos) {
		this.lock.lock();
		try {
			this.refusing = true;
			long end = System.nanoTime() + nanos;
			while (this.messages > 0 && end - System.nanoTime() > 0 && !this.closed) {
				this.changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
		return messages() == 0;
	}

	/** Sends away whoever waits. */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What a partition has in memory. Guarded by the buffer. */
	static final class Share {

		private long messages;

		private boolean refused;

	}

}
