package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * Messages to one partition that go on their way together. Its state belongs to its
 * batcher, under that one's lock, except where said otherwise.
 */
final class Batch {

	private final Batcher batcher;

	private final boolean patient;

	/** Counts what has no outcome, once it was taken. Not under the lock. */
	private final AtomicInteger open = new AtomicInteger();

	/** Gone once it was taken, so that futures that are kept do not keep each other. */
	private @Nullable List<Sending> messages = new ArrayList<>();

	private int size;

	private long bytes;

	/** Whether nothing fits any more. */
	private boolean full;

	/** Whether it must not wait for more. */
	private boolean urgent;

	/** When it got its first message, and when it waited for no more. */
	private long begunNanos;

	private long readyNanos;

	private volatile boolean taken;

	private @Nullable CompletableFuture<Void> ended;

	Batch(Batcher batcher, boolean patient) {
		this.batcher = batcher;
		this.patient = patient;
	}

	/** Whether it waits for more until somebody wants it. Not under the lock. */
	boolean isPatient() {
		return this.patient && !this.taken;
	}

	/** Somebody waits for it. Not under the lock. */
	void want() {
		if (isPatient()) {
			this.batcher.hurry(this);
		}
	}

	void add(Sending sending) {
		if (this.patient && this.size == 0) {
			this.begunNanos = System.nanoTime();
		}
		if (this.messages != null) {
			this.messages.add(sending);
		}
		this.size += sending.count();
		this.bytes += sending.bytes;
		if (sending.collected(this)) {
			hurry();
		}
	}

	/** Nothing fits any more. */
	void fill() {
		ready();
		this.full = true;
	}

	/** It must not wait for more. */
	void hurry() {
		ready();
		this.urgent = true;
	}

	private void ready() {
		if (this.patient && !isReady()) {
			this.readyNanos = System.nanoTime();
		}
	}

	boolean isFull() {
		return this.full;
	}

	/** Whether it waits for no more messages. */
	boolean isReady() {
		return this.full || this.urgent;
	}

	int size() {
		return this.size;
	}

	long bytes() {
		return this.bytes;
	}

	boolean isTaken() {
		return this.taken;
	}

	/** It begins to go on its way. */
	List<Sending> take() {
		List<Sending> all = (this.messages != null) ? this.messages : List.of();
		this.messages = null;
		this.taken = true;
		this.open.set(this.size);
		if (this.patient && isReady()) {
			all.forEach(this::spareWaiting);
		}
		return all;
	}

	/** That it waited for others was wanted, and takes nothing of its time. */
	private void spareWaiting(Sending sending) {
		long since = sending.startNanos;
		long waited = this.readyNanos - ((since - this.begunNanos > 0) ? since : this.begunNanos);
		if (waited > 0) {
			sending.dueSince(since + waited);
		}
	}

	/** Completes once all have their outcome. */
	CompletableFuture<Void> ended() {
		CompletableFuture<Void> present = this.ended;
		if (present == null) {
			present = new CompletableFuture<>();
			this.ended = present;
		}
		return present;
	}

	@Nullable CompletableFuture<Void> watched() {
		return this.ended;
	}

	/** So many have their outcome. Not under the lock. */
	void decided(int count) {
		if (this.open.addAndGet(-count) == 0) {
			this.batcher.ended(this);
		}
	}

}
