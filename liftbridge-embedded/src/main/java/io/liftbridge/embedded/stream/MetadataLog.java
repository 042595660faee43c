package io.liftbridge.embedded.stream;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.liftbridge.proto.ActivityStreamEvent;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the changes of metadata, and tells them in their order. The numbers grow in
 * leaps, because a real broker's log of changes holds other things too. Thread-safe.
 */
public final class MetadataLog {

	private static final long STEP = 2;

	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Consumer<ActivityStreamEvent> listener;

	private long last = 1;

	/**
	 * Tells all changes from now on.
	 * @param interested called under a lock, so it must return at once
	 */
	void tell(Consumer<ActivityStreamEvent> interested) {
		this.lock.lock();
		try {
			this.listener = interested;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a change that is not told.
	 * @return the change's number, larger than all before
	 */
	public long append() {
		this.lock.lock();
		try {
			this.last += STEP;
			return this.last;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a change that is told.
	 * @param change what happens, without its number
	 * @return the change's number, larger than all before
	 */
	public long append(ActivityStreamEvent.Builder change) {
		this.lock.lock();
		try {
			append();
			if (this.listener != null) {
				this.listener.accept(change.setId(this.last).build());
			}
			return this.last;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * The number of the newest change.
	 * @return the number
	 */
	public long last() {
		this.lock.lock();
		try {
			return this.last;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Goes on after a change that was kept.
	 * @param index its number
	 */
	public void atLeast(long index) {
		this.lock.lock();
		try {
			this.last = Math.max(this.last, index);
		}
		finally {
			this.lock.unlock();
		}
	}

}
