package io.liftbridge.spring.sink;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is left to be done of a batch, in order: parts to be written, and single messages
 * to be dead-lettered. Used by one thread at a time.
 */
final class Pieces {

	private final Deque<Piece> left = new ArrayDeque<>();

	Pieces(List<Buffered> batch) {
		this.left.add(new Piece(batch, null));
	}

	@Nullable Piece first() {
		return this.left.peek();
	}

	/** The messages of all pieces that are not done. */
	List<Buffered> left() {
		return this.left.stream().flatMap((piece) -> piece.messages.stream()).toList();
	}

	void done() {
		this.left.remove();
	}

	/** Finds the message that cannot be written by trying each half. */
	void halve(Throwable cause) {
		List<Buffered> messages = this.left.element().messages;
		if (messages.size() == 1) {
			isolate(0, cause);
			return;
		}
		this.left.remove();
		int half = messages.size() / 2;
		this.left.push(new Piece(messages.subList(half, messages.size()), null));
		this.left.push(new Piece(messages.subList(0, half), null));
	}

	/** The message that cannot be written is known. */
	void isolate(int index, Throwable cause) {
		List<Buffered> messages = this.left.remove().messages;
		if (index + 1 < messages.size()) {
			this.left.push(new Piece(messages.subList(index + 1, messages.size()), null));
		}
		this.left.push(new Piece(messages.subList(index, index + 1), cause));
		if (index > 0) {
			this.left.push(new Piece(messages.subList(0, index), null));
		}
	}

	/**
	 * A part of a batch.
	 */
	static final class Piece {

		private final List<Buffered> messages;

		private final @Nullable Throwable poison;

		private boolean deadLettered;

		Piece(List<Buffered> messages, @Nullable Throwable poison) {
			this.messages = messages;
			this.poison = poison;
		}

		List<Buffered> messages() {
			return this.messages;
		}

		Buffered last() {
			return this.messages.get(this.messages.size() - 1);
		}

		/** Why its one message cannot be written, {@code null} if it is to be written. */
		@Nullable Throwable poison() {
			return this.poison;
		}

		boolean isDeadLettered() {
			return this.deadLettered;
		}

		void deadLettered() {
			this.deadLettered = true;
		}

		SinkBatch batch() {
			Buffered last = last();
			return new SinkBatch(last.message().stream(), last.message().partition(),
					(this.poison != null) ? List.of() : this.messages.stream().map(Buffered::message).toList(),
					last.message());
		}

	}

}
