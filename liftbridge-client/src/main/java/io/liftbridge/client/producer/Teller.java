package io.liftbridge.client.producer;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.Ack;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.Message;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.message.StreamNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the outcome of messages, on the completion thread, once for a whole burst, and
 * makes room for others.
 */
final class Teller {

	private static final Logger logger = LoggerFactory.getLogger(Teller.class);

	private final ProducerOptions options;

	private final InFlightGate gate;

	private final Meter meter;

	private final Runnable onMissing;

	private final Work completion;

	private final UnobservedLog unobserved;

	/** Who runs callbacks at the moment. */
	private volatile @Nullable Thread telling;

	Teller(Cluster cluster, ProducerOptions options, InFlightGate gate, Meter meter, Runnable onMissing) {
		this.options = options;
		this.gate = gate;
		this.meter = meter;
		this.onMissing = onMissing;
		this.completion = new Work(options.completionExecutor(),
				cluster.options().clientId() + "-acks-" + options.stream());
		this.unobserved = new UnobservedLog(cluster, options.stream());
	}

	/** These have their outcome. */
	void release(List<? extends Sending> resolved) {
		if (resolved.size() == 1 && resolved.get(0).awaited && this.options.listener() == ProducerListener.NONE) {
			// Nobody's code hangs on this future, somebody waits: spare a change of
			// threads. The completion thread may be telling meanwhile.
			tellAll(resolved);
			return;
		}
		execute(() -> tell(resolved));
	}

	/**
	 * What is prepared failed before it was on its way, after the call that brought it.
	 */
	void refused(Sending sending, LiftbridgeException why) {
		execute(() -> {
			sending.resolve(why);
			this.meter.failed(sending.count(), why);
			logUnobserved(List.of(sending));
			try {
				sending.tell(this.options.listener(), System.nanoTime());
			}
			catch (Throwable ex) {
				logListener(ex);
			}
		});
	}

	/** A message failed before it was prepared, after the call that brought it. */
	void refused(Message message, CompletableFuture<Ack> future, LiftbridgeException why) {
		execute(() -> {
			if (future.getNumberOfDependents() == 0) {
				this.unobserved.add(1, why);
			}
			future.completeExceptionally(why);
			try {
				this.options.listener().onFailure(message, why);
			}
			catch (Throwable ex) {
				logListener(ex);
			}
		});
	}

	void execute(Runnable task) {
		this.completion.execute(task);
	}

	/** Whether this thread makes room: it must not wait for it. */
	boolean isTelling() {
		return this.telling == Thread.currentThread();
	}

	/** Whether this is the producer's own thread for outcomes. */
	boolean isOwnThread() {
		return this.completion.isOwnThread();
	}

	void shutdown() {
		// After all that is told.
		execute(this.unobserved::close);
		this.completion.shutdown();
	}

	private void tell(List<? extends Sending> resolved) {
		Thread before = this.telling;
		this.telling = Thread.currentThread();
		try {
			tellAll(resolved);
		}
		finally {
			this.telling = before;
		}
	}

	private void tellAll(List<? extends Sending> resolved) {
		long now = System.nanoTime();
		long bytes = 0;
		int messages = 0;
		for (Sending sending : resolved) {
			bytes += sending.bytes;
			messages += sending.count();
		}
		this.gate.leave(messages, bytes);
		this.meter.decided(resolved);
		logUnobserved(resolved);
		for (Sending sending : resolved) {
			if (sending.failure() instanceof StreamNotFoundException
					|| sending.failure() instanceof PartitionNotFoundException) {
				this.onMissing.run();
			}
			try {
				sending.tell(this.options.listener(), now);
			}
			catch (Throwable ex) {
				logListener(ex);
			}
		}
	}

	/** A failure that nobody looks at must not go by in silence. */
	private void logUnobserved(List<? extends Sending> resolved) {
		int count = 0;
		LiftbridgeException first = null;
		for (Sending sending : resolved) {
			int unobserved = sending.unobserved();
			if (unobserved > 0) {
				first = (first != null) ? first : sending.failure();
				count += unobserved;
			}
		}
		if (first != null) {
			this.unobserved.add(count, first);
		}
	}

	private void logListener(Throwable ex) {
		logger.error("A listener of the producer for stream '{}' failed", this.options.stream(), ex);
	}

}
