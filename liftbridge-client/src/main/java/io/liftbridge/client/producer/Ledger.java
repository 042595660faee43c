package io.liftbridge.client.producer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a partition of which it is not known whether they are stored: those
 * that were sent, in the order of the offsets they expect, and behind them those that
 * wait. Not safe for use by several threads.
 */
final class Ledger {

	/**
	 * By it this producer recognises its own messages, whichever process has its name.
	 */
	private final String instance = UUID.randomUUID().toString().replace("-", "").substring(0, 16);

	private final Map<Long, Placed> sent = new LinkedHashMap<>();

	private final Deque<Placed> waiting = new ArrayDeque<>();

	private final Deque<Mark> marks = new ArrayDeque<>();

	private long numbers;

	/** How many are in the present pipe. */
	private int open;

	/** How many have failed but may be stored. */
	private int told;

	/** The offset of the next message, -1 if it is not known where the partition ends. */
	private long next = -1;

	/** The lowest offset that a message was refused at, after it was its place. */
	private long hole = Long.MAX_VALUE;

	/** The highest offset at which a message may arrive that was given up. */
	private long contested = -1;

	/** A message waits, and in front of it the chunks that belong to it. */
	void add(Pending pending) {
		if (pending instanceof LargePending large) {
			large.forEachBefore(this::put);
		}
		put(pending);
	}

	private void put(Pending pending) {
		long number = this.numbers++;
		this.waiting.add(new Placed(pending, number, ByteString.copyFromUtf8(this.instance + "-" + number)));
	}

	/** The next message that waits gets its place. */
	@Nullable Placed place() {
		Placed placed = this.waiting.poll();
		if (placed != null) {
			placed.offset = this.next++;
			this.sent.put(placed.number, placed);
		}
		return placed;
	}

	@Nullable Placed firstWaiting() {
		return this.waiting.peek();
	}

	@Nullable Placed get(long number) {
		return this.sent.get(number);
	}

	Collection<Placed> sent() {
		return this.sent.values();
	}

	Collection<Placed> waiting() {
		return this.waiting;
	}

	boolean isOwn(ByteString token) {
		return token.toStringUtf8().startsWith(this.instance + "-");
	}

	/** By offset. */
	Map<Long, Placed> byOffset() {
		Map<Long, Placed> all = new HashMap<>();
		this.sent.values().forEach((placed) -> all.put(placed.offset, placed));
		return all;
	}

	int open() {
		return this.open;
	}

	int told() {
		return this.told;
	}

	/** A copy is in the present pipe. */
	void handed(Placed placed) {
		placed.open = true;
		this.open++;
	}

	/** The copy in the present pipe is answered. */
	void answered(Placed placed) {
		if (placed.open) {
			placed.open = false;
			this.open--;
		}
	}

	/** The present pipe has ended. */
	void lost(boolean connected) {
		for (Placed placed : this.sent.values()) {
			if (placed.open) {
				placed.open = false;
				placed.doubtful |= connected;
				placed.pending.sent = placed.doubtful;
			}
		}
		this.open = 0;
	}

	/** It has failed for its sender, but may be stored. */
	void told(Placed placed) {
		placed.told = true;
		this.told++;
	}

	/**
	 * Nobody waits any more for what the leader does not show: it must hold up nobody.
	 * Its place is looked at again when something goes wrong.
	 */
	void forgetPresumed() {
		for (Placed placed : presumed()) {
			if (placed.told) {
				refused(placed);
			}
		}
	}

	/** It is known what became of it. */
	void remove(Placed placed) {
		if (this.sent.remove(placed.number) == null) {
			this.waiting.remove(placed);
		}
		else {
			answered(placed);
			this.told -= placed.told ? 1 : 0;
		}
	}

	/**
	 * A message that never went out waits again, and those behind it.
	 * @return whether that was possible: none of these went out either
	 */
	boolean takeBack(Placed first) {
		List<Placed> all = this.sent.values().stream().filter((placed) -> placed.number >= first.number).toList();
		if (all.stream().anyMatch((placed) -> placed.pending.sent || placed.presumed)) {
			return false;
		}
		this.next = first.offset;
		replace(all);
		return true;
	}

	/** It has failed, but a copy of it may arrive yet. */
	void giveUp(Placed placed) {
		remove(placed);
		if (placed.doubtful) {
			this.contested = Math.max(this.contested, placed.offset);
		}
	}

	/**
	 * Whether a message that nobody waits for any more may take the place of the last one
	 * that was sent, or the next one: who has such a place must not be followed before it
	 * is answered, as those behind it would be stored although it is not.
	 */
	boolean isContested() {
		return this.contested >= 0 && this.next <= this.contested + 1;
	}

	/** It was refused, or nobody cares: its place is empty, or not known. */
	void refused(Placed placed) {
		remove(placed);
		this.hole = Math.min(this.hole, placed.offset);
	}

	/** What the leader has but did not show yet, in order. */
	List<Placed> presumed() {
		return this.sent.values().stream().filter((placed) -> placed.presumed).toList();
	}

	/**
	 * The lowest offset of which it is not known that this producer's message is there.
	 */
	long unknown() {
		long first = this.sent.isEmpty() ? this.next : this.sent.values().iterator().next().offset;
		return Math.min(this.hole, first);
	}

	long next() {
		return this.next;
	}

	/** The partition is known to end before this offset. */
	void endsBefore(long offset) {
		this.hole = Long.MAX_VALUE;
		long following = offset;
		for (Placed placed : this.sent.values()) {
			following = Math.max(following, placed.offset + 1);
		}
		this.next = following;
	}

	/** These get new places, before all that wait. */
	void replace(List<Placed> again) {
		for (int i = again.size() - 1; i >= 0; i--) {
			Placed placed = again.get(i);
			this.sent.remove(placed.number);
			placed.offset = -1;
			placed.doubtful = false;
			placed.presumed = false;
			placed.pending.sent = false;
			this.waiting.addFirst(placed);
		}
	}

	/** Everything that is neither stored nor failed yet. */
	List<Placed> untold() {
		List<Placed> all = new ArrayList<>();
		this.sent.values().stream().filter((placed) -> !placed.told).forEach(all::add);
		all.addAll(this.waiting);
		return all;
	}

	int size() {
		return this.sent.size() + this.waiting.size();
	}

	boolean isEmpty() {
		return this.sent.isEmpty() && this.waiting.isEmpty();
	}

	/** Forgets everything, also where the partition ends. */
	void clear() {
		this.sent.clear();
		this.waiting.clear();
		this.open = 0;
		this.told = 0;
		this.next = -1;
		this.contested = -1;
		this.hole = Long.MAX_VALUE;
	}

	/** Completes once everything that is here now has its outcome. */
	void mark(CompletableFuture<Void> done) {
		this.marks.add(new Mark(this.numbers, done));
		reach();
	}

	/** Messages have their outcome. */
	void reach() {
		if (this.marks.isEmpty()) {
			return;
		}
		long oldest = oldestUntold();
		for (Mark mark = this.marks.peek(); mark != null && oldest >= mark.number; mark = this.marks.peek()) {
			this.marks.remove();
			mark.done.complete(null);
		}
	}

	private long oldestUntold() {
		for (Placed placed : this.sent.values()) {
			if (!placed.told) {
				return placed.number;
			}
		}
		Placed first = this.waiting.peek();
		return (first != null) ? first.number : this.numbers;
	}

	private record Mark(long number, CompletableFuture<Void> done) {
	}

}
