package io.liftbridge.spring.listener.delivery;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Messages of one partition that have arrived and are not due yet, or are paused. No
 * thread waits for them: the partition is held up, and a timer, or whoever resumes it,
 * lets it go. Safe for use by many threads.
 */
final class DelayedMessages {

	private final ScheduledExecutorService timer;

	private final Runnable due;

	private final ReentrantLock lock = new ReentrantLock();

	private List<ReceivedMessage<byte[]>> waiting = List.of();

	private @Nullable ScheduledFuture<?> scheduled;

	/**
	 * Creates it.
	 * @param timer calls {@code due}
	 * @param due is called when the first message is due; must not block
	 */
	DelayedMessages(ScheduledExecutorService timer, Runnable due) {
		this.timer = timer;
		this.due = due;
	}

	/** How many of the first messages are due. */
	static int due(List<ReceivedMessage<byte[]>> messages, String cursorId) {
		long now = System.currentTimeMillis();
		int count = 0;
		while (count < messages.size() && isDue(messages.get(count), cursorId, now)) {
			count++;
		}
		return count;
	}

	private static boolean isDue(ReceivedMessage<byte[]> message, String cursorId, long now) {
		long due = Redelivery.due(message);
		return due <= now || Redelivery.isOfAnother(message, cursorId);
	}

	/**
	 * Keeps messages.
	 * @param timed whether to call when the first one is due
	 */
	void keep(List<ReceivedMessage<byte[]>> messages, boolean timed) {
		keep(messages, timed, Math.max(1, Redelivery.due(messages.get(0)) - System.currentTimeMillis()));
	}

	/** Keeps messages for some milliseconds. */
	void keep(List<ReceivedMessage<byte[]>> messages, long millis) {
		keep(messages, true, millis);
	}

	private void keep(List<ReceivedMessage<byte[]>> messages, boolean timed, long millis) {
		this.lock.lock();
		try {
			this.waiting = List.copyOf(messages);
			this.scheduled = null;
			if (timed) {
				schedule(millis);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Keeps messages behind those that wait.
	 * @return {@code false} if none do
	 */
	boolean append(List<ReceivedMessage<byte[]>> messages) {
		this.lock.lock();
		try {
			if (this.waiting.isEmpty()) {
				return false;
			}
			this.waiting = Stream.concat(this.waiting.stream(), messages.stream()).toList();
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Calls later for what is kept. */
	void postpone(long millis) {
		this.lock.lock();
		try {
			if (!this.waiting.isEmpty()) {
				schedule(millis);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Belongs to the lock. */
	private void schedule(long millis) {
		try {
			this.scheduled = this.timer.schedule(this.due, millis, TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The application ends; they come again after the next start.
			this.waiting = List.of();
		}
	}

	/** Gives out what was kept. */
	List<ReceivedMessage<byte[]>> take() {
		this.lock.lock();
		try {
			List<ReceivedMessage<byte[]>> kept = this.waiting;
			this.waiting = List.of();
			if (this.scheduled != null) {
				this.scheduled.cancel(false);
				this.scheduled = null;
			}
			return kept;
		}
		finally {
			this.lock.unlock();
		}
	}

}
