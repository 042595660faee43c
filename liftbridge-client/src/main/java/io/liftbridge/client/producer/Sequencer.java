package io.liftbridge.client.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts in order again what many threads have prepared: each takes a ticket first, and its
 * turn comes once those with lower tickets have had theirs. No thread waits for another:
 * turns that come too early are kept, and run by whoever brings the one that is missing.
 * Each ticket must come back, also that of a failure, or nothing behind it ever has its
 * turn. Safe for use by many threads. For use inside the client.
 */
public final class Sequencer {

	private static final Logger logger = LoggerFactory.getLogger(Sequencer.class);

	private final ReentrantLock lock = new ReentrantLock();

	/** Turns by ticket modulo length, which is a power of two. */
	private @Nullable Runnable[] early = new @Nullable Runnable[64];

	/** Who waits until all tickets below a number have had their turn, in that order. */
	private final ArrayDeque<Mark> marks = new ArrayDeque<>();

	private long next;

	/** The lowest ticket that has not had its turn. */
	private long turn;

	private boolean running;

	/**
	 * Takes a ticket.
	 * @return the ticket, one above the one before
	 */
	public long take() {
		this.lock.lock();
		try {
			return this.next++;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Brings a ticket back: runs its turn now, or has it run by another thread when those
	 * before have had theirs. Turns run one at a time.
	 * @param ticket the ticket
	 * @param action what is to be done in turn; what it throws is only logged
	 */
	public void arrive(long ticket, Runnable action) {
		this.lock.lock();
		try {
			keep(ticket, action);
			if (this.running || ticket != this.turn) {
				return;
			}
			this.running = true;
		}
		finally {
			this.lock.unlock();
		}
		Runnable current = action;
		while (current != null) {
			run(current);
			current = advance();
		}
	}

	/**
	 * Tells when all tickets taken so far have had their turn.
	 * @return completes then, on the thread that ran the last turn
	 */
	public CompletableFuture<Void> passed() {
		this.lock.lock();
		try {
			if (this.turn == this.next) {
				return CompletableFuture.completedFuture(null);
			}
			Mark mark = new Mark(this.next, new CompletableFuture<>());
			this.marks.add(mark);
			return mark.reached;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void keep(long ticket, Runnable action) {
		if (ticket - this.turn >= this.early.length) {
			@Nullable Runnable[] more = Arrays.copyOf(this.early, length(ticket - this.turn));
			Arrays.fill(more, null);
			for (long i = this.turn; i < this.turn + this.early.length; i++) {
				more[index(i, more.length)] = this.early[index(i, this.early.length)];
			}
			this.early = more;
		}
		this.early[index(ticket, this.early.length)] = action;
	}

	private @Nullable Runnable advance() {
		List<Mark> reached = List.of();
		Runnable following;
		this.lock.lock();
		try {
			this.early[index(this.turn, this.early.length)] = null;
			this.turn++;
			following = this.early[index(this.turn, this.early.length)];
			this.running = following != null;
			for (Mark mark = this.marks.peek(); mark != null && mark.ticket <= this.turn; mark = this.marks.peek()) {
				reached = reached.isEmpty() ? new ArrayList<>() : reached;
				reached.add(this.marks.remove());
			}
		}
		finally {
			this.lock.unlock();
		}
		reached.forEach((mark) -> mark.reached.complete(null));
		return following;
	}

	private static void run(Runnable action) {
		try {
			action.run();
		}
		catch (Throwable ex) {
			// The turns behind must come all the same.
			logger.error("What was to be done in turn failed", ex);
		}
	}

	private static int length(long distance) {
		return Integer.highestOneBit((int) Math.min(distance, 1 << 29)) << 1;
	}

	private static int index(long ticket, int length) {
		return (int) (ticket & (length - 1));
	}

	private record Mark(long ticket, CompletableFuture<Void> reached) {
	}

}
