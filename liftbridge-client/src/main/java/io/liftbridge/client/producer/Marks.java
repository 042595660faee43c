package io.liftbridge.client.producer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * Who waits for all messages before a point to be answered.
 */
final class Marks {

	private final Window window;

	private final Deque<Mark> marks = new ArrayDeque<>();

	Marks(Window window) {
		this.window = window;
	}

	/** Completes once everything that is in the window now is answered. */
	void add(CompletableFuture<Void> done) {
		this.marks.add(new Mark(this.window.next(), done));
		reach();
	}

	/** Messages have left the window. */
	void reach() {
		Pending oldest = this.window.oldest();
		for (Mark mark = this.marks.peek(); mark != null
				&& (oldest == null || oldest.sequence >= mark.sequence); mark = this.marks.peek()) {
			this.marks.remove();
			mark.done.complete(null);
		}
	}

	private record Mark(long sequence, CompletableFuture<Void> done) {
	}

}
