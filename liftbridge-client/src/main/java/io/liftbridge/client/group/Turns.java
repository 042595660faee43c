package io.liftbridge.client.group;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;

/**
 * The questions of a worker and the answers to them: only answers to the last question
 * count. Belongs to the member's events.
 */
final class Turns {

	private final Host host;

	private int turn;

	Turns(Host host) {
		this.host = host;
	}

	/** Answers to what was asked before do not count any more. */
	int next() {
		return ++this.turn;
	}

	void post(int mine, Runnable step) {
		this.host.post(() -> {
			if (mine == this.turn) {
				step.run();
			}
		});
	}

	<T> void ask(CompletableFuture<T> answer, Consumer<T> then, Consumer<Throwable> failed) {
		int mine = next();
		answer.whenComplete((result, failure) -> post(mine, () -> {
			if (failure != null) {
				failed.accept(Cluster.unwrap(failure));
			}
			else {
				then.accept(result);
			}
		}));
	}

	void later(Runnable step, Duration delay) {
		int mine = next();
		if (delay.isZero()) {
			step.run();
		}
		else {
			this.host.cluster().schedule(() -> post(mine, step), delay);
		}
	}

}
