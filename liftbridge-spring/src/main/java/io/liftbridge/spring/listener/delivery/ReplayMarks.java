package io.liftbridge.spring.listener.delivery;

import io.liftbridge.client.cursor.CursorStore;

/**
 * Remembers which dead letters of one partition were put back, in cursors: one says up to
 * where all of them were; beyond it, each one keeps the marks of a block of offsets, as
 * the bits of its number. Not safe for use by several threads.
 */
final class ReplayMarks {

	/** How many offsets have their marks in one cursor: its number is never negative. */
	static final int BLOCK = 62;

	private final CursorStore store;

	private final String id;

	private final String stream;

	private final int partition;

	private long base;

	private long block = -1;

	private long bits;

	private long storedBits;

	ReplayMarks(CursorStore store, String id, String stream, int partition) {
		this.store = store;
		this.id = id;
		this.stream = stream;
		this.partition = partition;
		this.base = store.find(id, stream, partition).orElse(-1);
	}

	/** Up to where nothing is left to put back, -1 for nowhere. */
	long base() {
		return this.base;
	}

	boolean isMarked(long offset) {
		load(offset);
		return offset <= this.base || (this.bits & bit(offset)) != 0;
	}

	void mark(long offset) {
		load(offset);
		this.bits |= bit(offset);
	}

	private void load(long offset) {
		if (offset / BLOCK != this.block) {
			store();
			this.block = offset / BLOCK;
			this.bits = this.store.find(blockId(), this.stream, this.partition).orElse(0);
			this.storedBits = this.bits;
		}
	}

	/** Stores the marks that are not stored yet. */
	void store() {
		if (this.bits != this.storedBits) {
			this.store.set(blockId(), this.stream, this.partition, this.bits);
			this.storedBits = this.bits;
		}
	}

	/** Nothing up to an offset is left to put back. */
	void complete(long offset) {
		store();
		if (offset > this.base) {
			this.base = offset;
			this.store.set(this.id, this.stream, this.partition, offset);
		}
	}

	private String blockId() {
		return this.id + ":" + this.block;
	}

	private static long bit(long offset) {
		return 1L << (offset % BLOCK);
	}

}
