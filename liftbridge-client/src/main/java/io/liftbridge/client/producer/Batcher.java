package io.liftbridge.client.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Collects the messages of one partition into batches. Senders append under a short lock;
 * one task at a time takes batches and hands them on. Safe for use by many threads.
 */
final class Batcher {

	/** So many batches in a row, before other partitions have a turn. */
	private static final int TURN = 4;

	/** The bound keeps a wake-up that was missed from mattering. */
	private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	private final Batchers owner;

	private final BatchOptions options;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition room = this.lock.newCondition();

	/** All but the last are full. */
	private final Deque<Batch> collecting = new ArrayDeque<>();

	private final List<Batch> onTheirWay = new ArrayList<>();

	/** Whether the task is running or about to. */
	private boolean draining;

	private boolean closed;

	Batcher(Batchers owner, BatchOptions options) {
		this.owner = owner;
		this.options = options;
	}

	/** How long a message may wait for a batch. */
	enum Patience {

		/** For room, up to a deadline. */
		WAIT,

		/** Not at all. */
		TRY,

		/** It is taken whether there is room or not. */
		FORCE

	}

	/**
	 * Collects a message.
	 * @return whether there was room
	 */
	boolean append(Sending sending, Patience patience, long deadline) throws InterruptedException {
		boolean wake;
		Batch begun = null;
		this.lock.lock();
		try {
			Batch last = open(sending.bytes, patience, deadline);
			if (last == null) {
				return false;
			}
			if (last.size() == 0) {
				begun = last;
			}
			last.add(sending);
			if (last.size() >= this.options.maxMessages() || last.bytes() >= this.options.maxBatchBytes()) {
				last.fill();
			}
			else if (this.options.isPatient() && this.owner.isRoomWaitedFor()) {
				last.hurry();
			}
			wake = wake();
		}
		finally {
			this.lock.unlock();
		}
		if (wake) {
			this.owner.execute(this::drain);
		}
		if (begun != null && this.options.lingers() && !begun.isTaken()) {
			Batch first = begun;
			this.owner.later(() -> hurry(first));
		}
		return true;
	}

	/** The batch that takes a message of this size. */
	private @Nullable Batch open(int bytes, Patience patience, long deadline) throws InterruptedException {
		for (;;) {
			if (this.closed) {
				throw this.owner.closed();
			}
			Batch last = this.collecting.peekLast();
			if (last != null && last.size() > 0 && last.bytes() + bytes > this.options.maxBatchBytes()) {
				last.fill();
			}
			if (last == null || (last.isFull() && patience == Patience.FORCE)) {
				last = new Batch(this, this.options.isPatient());
				this.collecting.add(last);
			}
			if (patience == Patience.FORCE || (!last.isFull() && this.collecting.size() == 1)) {
				return last;
			}
			if (wake()) {
				// It has only just become clear that it is full.
				drainUnlocked();
				continue;
			}
			long remaining = deadline - System.nanoTime();
			if (patience == Patience.TRY || remaining <= 0) {
				return null;
			}
			this.room.awaitNanos(Math.min(remaining, GLANCE_NANOS));
			this.owner.checkOpen();
		}
	}

	/** Whoever runs the task must not do so under the lock. */
	private void drainUnlocked() {
		this.lock.unlock();
		try {
			this.owner.execute(this::drain);
		}
		finally {
			this.lock.lock();
		}
	}

	/** Whether the task must be started. */
	private boolean wake() {
		if (this.draining || !mayGo()) {
			return false;
		}
		this.draining = true;
		return true;
	}

	private boolean mayGo() {
		Batch first = this.collecting.peek();
		if (first == null || this.onTheirWay.size() >= this.options.maxBatches()) {
			return false;
		}
		return first.isReady() || (!this.options.isPatient() && this.onTheirWay.isEmpty());
	}

	private void drain() {
		Turn turn;
		do {
			for (int i = 0; i < TURN; i++) {
				if (!handNext()) {
					return;
				}
			}
			turn = new Turn();
			this.owner.execute(turn);
		}
		while (turn.isBack());
	}

	private boolean handNext() {
		Batch next;
		List<Sending> messages;
		this.lock.lock();
		try {
			if (!mayGo()) {
				this.draining = false;
				return false;
			}
			next = this.collecting.remove();
			messages = next.take();
			this.onTheirWay.add(next);
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.owner.hand(messages);
		return true;
	}

	/** All messages of the batch have their outcome. */
	void ended(Batch batch) {
		boolean wake;
		CompletableFuture<Void> watched;
		this.lock.lock();
		try {
			this.onTheirWay.remove(batch);
			watched = batch.watched();
			wake = wake();
		}
		finally {
			this.lock.unlock();
		}
		if (watched != null) {
			watched.complete(null);
		}
		if (wake) {
			this.owner.execute(this::drain);
		}
	}

	/** The batch waits no more for others to join it. */
	void hurry(Batch batch) {
		boolean wake;
		this.lock.lock();
		try {
			if (batch.isTaken()) {
				return;
			}
			batch.hurry();
			wake = wake();
		}
		finally {
			this.lock.unlock();
		}
		if (wake) {
			this.owner.execute(this::drain);
		}
	}

	/** What is collected waits no more for others. */
	void hurry() {
		Batch last;
		this.lock.lock();
		try {
			last = this.collecting.peekLast();
		}
		finally {
			this.lock.unlock();
		}
		if (last != null) {
			hurry(last);
		}
	}

	/** Completes once everything that was appended before has its outcome. */
	CompletableFuture<Void> flushed() {
		List<CompletableFuture<?>> waits = new ArrayList<>();
		this.lock.lock();
		try {
			this.onTheirWay.forEach((batch) -> waits.add(batch.ended()));
			this.collecting.forEach((batch) -> waits.add(batch.ended()));
		}
		finally {
			this.lock.unlock();
		}
		hurry();
		return CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new));
	}

	/**
	 * Takes no more.
	 * @return what was collected, to be failed
	 */
	List<Sending> close() {
		List<Sending> rest = new ArrayList<>();
		this.lock.lock();
		try {
			this.closed = true;
			for (Batch batch : this.collecting) {
				rest.addAll(batch.take());
			}
			this.collecting.clear();
			this.room.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		return rest;
	}

	/**
	 * The next turn, after others have had theirs; unless the executor knows no others
	 * and runs it at once, inside the present one.
	 */
	private final class Turn implements Runnable {

		private final Thread thread = Thread.currentThread();

		private boolean handedOver;

		private boolean back;

		@Override
		public void run() {
			if (Thread.currentThread() == this.thread && !this.handedOver) {
				this.back = true;
				return;
			}
			drain();
		}

		boolean isBack() {
			this.handedOver = true;
			return this.back;
		}

	}

}
