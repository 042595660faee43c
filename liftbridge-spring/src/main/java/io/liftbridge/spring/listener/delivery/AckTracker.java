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

	private final int limit;

	private final Runnable room;

	private final ReentrantLock lock = new ReentrantLock();

	/** Those from the first one that is not acknowledged, by delivery. */
	private final ArrayDeque<Tracked> open = new ArrayDeque<>();

	/** The last message, by its place. */
	private @Nullable RecordPlace furthest;

	private long sequence;

	private long epoch;

	private volatile boolean full;

	/**
	 * Creates it.
	 * @param limit how many messages may wait to be acknowledged, 0 for any number
	 * @param room is called when there are half as many, after there were that many
	 */
	AckTracker(CursorWriter cursor, int limit, Runnable room) {
		this.cursor = cursor;
		this.limit = limit;
		this.room = room;
	}

	/** A message is delivered, for the first time or once more. */
	Tracked track(ReceivedMessage<?> message) {
		// A late acknowledgment of a stream that was created anew meanwhile says nothing.
		long epoch = this.cursor.epoch();
		this.lock.lock();
		try {
			if (epoch != this.epoch) {
				forgetAll();
				this.epoch = epoch;
			}
			RecordPlace place = RecordPlace.of(message);
			RecordPlace before = this.furthest;
			if (before != null && before.covers(place)) {
				// It comes again: nobody may remember how it was called before.
				for (Tracked known : this.open) {
					if (known.place.equals(place)) {
						return known;
					}
				}
			}
			else {
				this.furthest = place;
			}
			Tracked tracked = new Tracked(this.sequence++, place, message.processedOffset(), epoch);
			this.open.add(tracked);
			this.full = this.limit > 0 && this.open.size() >= this.limit;
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
		reached(reached);
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
		reached(reached);
	}

	private void reached(@Nullable Tracked reached) {
		if (reached != null) {
			this.cursor.advance(reached.position, reached.epoch);
			if (this.full) {
				makeRoom();
			}
		}
	}

	/** Not with each acknowledgment. */
	private void makeRoom() {
		this.lock.lock();
		try {
			if (!this.full || this.open.size() > this.limit / 2) {
				return;
			}
			this.full = false;
		}
		finally {
			this.lock.unlock();
		}
		this.room.run();
	}

	/** Whether too many messages wait to be acknowledged. */
	boolean isFull() {
		return this.full;
	}

	/** How many wait, and since which one. */
	String waiting() {
		this.lock.lock();
		try {
			Tracked head = this.open.peek();
			return (head != null) ? this.open.size() + " message(s) from offset " + head.place.offset() + " on"
					: "nothing";
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Messages are to be delivered for the first time once more. */
	void forget(Collection<Tracked> messages) {
		this.lock.lock();
		try {
			this.open.removeAll(messages);
			this.full = this.full && this.open.size() >= this.limit;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Everything is delivered from elsewhere: what was before says nothing any more. */
	void clear() {
		this.lock.lock();
		try {
			forgetAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forgetAll() {
		this.open.clear();
		this.furthest = null;
		this.full = false;
	}

	/** A delivered message. */
	static final class Tracked {

		/** Stands for all where nothing is acknowledged. */
		static final Tracked NONE = new Tracked(-1, new RecordPlace(-1, 0), -1, -1);

		private final long sequence;

		private final RecordPlace place;

		private final long position;

		private final long epoch;

		/** Belongs to the lock. */
		private boolean acknowledged;

		private Tracked(long sequence, RecordPlace place, long position, long epoch) {
			this.sequence = sequence;
			this.place = place;
			this.position = position;
			this.epoch = epoch;
		}

	}

}
