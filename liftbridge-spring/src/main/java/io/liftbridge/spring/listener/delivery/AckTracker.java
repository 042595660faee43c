package io.liftbridge.spring.listener.delivery;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.concurrent.locks.ReentrantLock;

import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which delivered messages are acknowledged, in whatever order, and moves the
 * cursor over those without a gap. Safe for use by many threads.
 */
final class AckTracker {

	private final CursorWriter cursor;

	private final ReentrantLock lock = new ReentrantLock();

	/** Those from the first one that is not acknowledged, by delivery. */
	private final ArrayDeque<Tracked> open = new ArrayDeque<>();

	private long sequence;

	private long epoch;

	AckTracker(CursorWriter cursor) {
		this.cursor = cursor;
	}

	/** A message is delivered for the first time. */
	Tracked track(ReceivedMessage<?> message) {
		// A late acknowledgment of a stream that was created anew meanwhile says nothing.
		long epoch = this.cursor.epoch();
		this.lock.lock();
		try {
			if (epoch != this.epoch) {
				this.open.clear();
				this.epoch = epoch;
			}
			Tracked tracked = new Tracked(this.sequence++, message.processedOffset(), epoch);
			this.open.add(tracked);
			return tracked;
		}
		finally {
			this.lock.unlock();
		}
	}

	void acknowledge(Collection<Tracked> messages) {
		this.lock.lock();
		Tracked reached = null;
		try {
			messages.forEach((message) -> message.acknowledged = true);
			Tracked head = this.open.peek();
			while (head != null && head.acknowledged) {
				reached = this.open.poll();
				head = this.open.peek();
			}
		}
		finally {
			this.lock.unlock();
		}
		advance(reached);
	}

	/** Acknowledges a message and all before it. */
	void acknowledgeThrough(Tracked last) {
		this.lock.lock();
		Tracked reached = null;
		try {
			Tracked head = this.open.peek();
			while (head != null && (head.sequence <= last.sequence || head.acknowledged)) {
				reached = this.open.poll();
				head = this.open.peek();
			}
		}
		finally {
			this.lock.unlock();
		}
		advance(reached);
	}

	private void advance(@Nullable Tracked reached) {
		if (reached != null) {
			this.cursor.advance(reached.position, reached.epoch);
		}
	}

	/** Messages are to be delivered for the first time once more. */
	void forget(Collection<Tracked> messages) {
		this.lock.lock();
		try {
			this.open.removeAll(messages);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Everything is delivered from elsewhere: what was before says nothing any more. */
	void clear() {
		this.lock.lock();
		try {
			this.open.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A delivered message. */
	static final class Tracked {

		/** Stands for all where nothing is acknowledged. */
		static final Tracked NONE = new Tracked(-1, -1, -1);

		private final long sequence;

		private final long position;

		private final long epoch;

		/** Belongs to the lock. */
		private boolean acknowledged;

		private Tracked(long sequence, long position, long epoch) {
			this.sequence = sequence;
			this.position = position;
			this.epoch = epoch;
		}

	}

}
