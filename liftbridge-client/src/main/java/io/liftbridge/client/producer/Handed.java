package io.liftbridge.client.producer;

import java.util.List;
import java.util.function.Consumer;

/**
 * Passes on what goes to the server, and knows what has not been passed on.
 */
final class Handed implements Consumer<Pending> {

	private final Consumer<Pending> to;

	private int messages;

	Handed(Consumer<Pending> to) {
		this.to = to;
	}

	@Override
	public void accept(Pending pending) {
		this.messages += pending.count();
		this.to.accept(pending);
	}

	/** Those of the batch that have not been passed on. */
	List<Sending> rest(List<Sending> batch) {
		int passed = this.messages;
		int i = 0;
		while (i < batch.size() && passed > 0) {
			passed -= batch.get(i++).count();
		}
		return batch.subList(i, batch.size());
	}

}
