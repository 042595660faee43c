package io.liftbridge.client.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Collects what arrives on the event loop and hands it over once per burst instead of
 * once per item. Used on the event loop only.
 */
final class Burst<T> {

	private final Executor afterBurst;

	private final Consumer<List<T>> target;

	private List<T> items = new ArrayList<>();

	private boolean scheduled;

	Burst(Executor afterBurst, Consumer<List<T>> target) {
		this.afterBurst = afterBurst;
		this.target = target;
	}

	void add(T item) {
		this.items.add(item);
		if (!this.scheduled) {
			this.scheduled = true;
			try {
				this.afterBurst.execute(this::flush);
			}
			catch (RejectedExecutionException ex) {
				flush();
			}
		}
	}

	void flush() {
		this.scheduled = false;
		if (!this.items.isEmpty()) {
			List<T> burst = this.items;
			this.items = new ArrayList<>();
			this.target.accept(burst);
		}
	}

}
