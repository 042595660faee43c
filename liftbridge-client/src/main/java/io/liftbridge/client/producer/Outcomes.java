package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.RpcStatus;

/**
 * Decides what becomes of a lane's messages, where it is not the answer that decides, and
 * hands them over to be told.
 */
final class Outcomes {

	private final String stream;

	private final Window window;

	private final Marks marks;

	private final Consumer<List<Pending>> release;

	Outcomes(String stream, Window window, Marks marks, Consumer<List<Pending>> release) {
		this.stream = stream;
		this.window = window;
		this.marks = marks;
		this.release = release;
	}

	/** These have left the window, each with its outcome. */
	void decided(List<Pending> messages) {
		if (!messages.isEmpty()) {
			this.release.accept(messages);
			this.marks.reach();
		}
	}

	/**
	 * A message over the server's inbound limit ended the call: it must not come again.
	 */
	void tooLarge(RpcStatus status) {
		Pending largest = this.window.largestSent();
		if (largest != null) {
			this.window.remove(largest.sequence);
			decided(List.of(largest
				.resolve(Answers.tooLarge(status.toString(), this.stream, largest.partition, largest.wireBytes()))));
		}
	}

	/**
	 * A message that expects an offset must not be sent twice: if the first one was
	 * stored, the second would be refused and nobody could tell. Others have been sent as
	 * often as they may.
	 */
	void spent(String why) {
		List<Pending> doubtful = this.window.removeSpent();
		doubtful.forEach((pending) -> pending.resolve(Answers.connectionLost(this.stream, pending, why)));
		decided(doubtful);
	}

	/** The message came too late. */
	void closed(Pending pending) {
		decided(List.of(pending.resolve(Answers.closed(this.stream, pending))));
	}

	/** Nothing is waited for any more. */
	void closed() {
		List<Pending> rest = new ArrayList<>();
		for (Pending oldest = this.window.oldest(); oldest != null; oldest = this.window.oldest()) {
			this.window.remove(oldest.sequence);
			rest.add(oldest.resolve(Answers.closed(this.stream, oldest)));
		}
		decided(rest);
		this.marks.reach();
	}

}
