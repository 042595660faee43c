package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.message.ClientClosedException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.producer.Batcher.Patience;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The batchers of a producer, one for each partition, between the callers and the lanes.
 */
final class Batchers {

	private static final Logger logger = LoggerFactory.getLogger(Batchers.class);

	private final Cluster cluster;

	private final ProducerOptions options;

	private final InFlightGate gate;

	private final Executor executor;

	private final Packer packer;

	private final Consumer<Pending> lanes;

	private final Consumer<List<? extends Sending>> release;

	private final Runnable checkOpen;

	private final Meter meter;

	private final ReentrantLock lock = new ReentrantLock();

	/** By partition; replaced as a whole. */
	private volatile @Nullable Batcher[] batchers = new @Nullable Batcher[0];

	private volatile boolean closed;

	/**
	 * Creates it.
	 * @param packer puts batches into the form in which they go out
	 * @param lanes take what is on its way
	 * @param release is told of messages that have an outcome
	 * @param checkOpen throws if nobody may wait for room any more
	 * @param meter is told of each batch
	 */
	Batchers(Cluster cluster, ProducerOptions options, InFlightGate gate, Executor executor, Packer packer,
			Consumer<Pending> lanes, Consumer<List<? extends Sending>> release, Runnable checkOpen, Meter meter) {
		this.cluster = cluster;
		this.options = options;
		this.gate = gate;
		this.executor = executor;
		this.packer = packer;
		this.lanes = lanes;
		this.release = release;
		this.checkOpen = checkOpen;
		this.meter = meter;
	}

	/**
	 * Collects a message that has entered the gate.
	 * @return whether there was room
	 */
	boolean append(Sending sending, Patience patience, long deadline) throws InterruptedException {
		return batcher(sending.partition).append(sending, patience, deadline);
	}

	/** Collects a message that nobody can take back: what fails, fails its future. */
	void force(Sending sending) {
		try {
			append(sending, Patience.FORCE, 0);
		}
		catch (LiftbridgeException ex) {
			sending.resolve(ex);
			this.release.accept(List.of(sending));
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Batcher batcher(int partition) {
		@Nullable Batcher[] present = this.batchers;
		Batcher batcher = (partition < present.length) ? present[partition] : null;
		return (batcher != null) ? batcher : create(partition);
	}

	private Batcher create(int partition) {
		this.lock.lock();
		try {
			@Nullable Batcher[] present = this.batchers;
			Batcher batcher = (partition < present.length) ? present[partition] : null;
			if (batcher == null) {
				if (this.closed) {
					throw closed();
				}
				batcher = new Batcher(this, this.options.batching());
				@Nullable Batcher[] larger = Arrays.copyOf(present, Math.max(present.length, partition + 1));
				larger[partition] = batcher;
				this.batchers = larger;
			}
			return batcher;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A batch goes on its way. */
	void hand(List<Sending> messages) {
		List<Sending> late = expired(messages);
		List<Sending> timely = messages.subList(late.size(), messages.size());
		this.meter.batch(timely);
		Handed handed = new Handed(this.lanes);
		try {
			this.packer.pack(timely, handed);
		}
		catch (Throwable ex) {
			logger.error("Stream '{}': a batch could not be sent", this.options.stream(), ex);
			fail(handed.rest(timely), ex);
		}
		if (!late.isEmpty()) {
			this.release.accept(late);
		}
	}

	/** Those that have waited for longer than they may; the oldest come first. */
	private List<Sending> expired(List<Sending> messages) {
		long before = System.nanoTime() - this.options.ackTimeout().toNanos();
		if (messages.get(0).dueSinceNanos() - before > 0) {
			return List.of();
		}
		List<Sending> late = new ArrayList<>();
		for (Sending sending : messages) {
			if (sending.dueSinceNanos() - before > 0) {
				break;
			}
			sending.resolve(Answers.notSentInTime(this.options, sending.partition));
			late.add(sending);
		}
		return late;
	}

	private void fail(List<Sending> messages, Throwable why) {
		LiftbridgeException failure = (why instanceof LiftbridgeException known) ? known : new LiftbridgeException(
				"A message to stream '" + this.options.stream() + "' was not sent: " + why, why, Outcome.NOT_SENT);
		messages.forEach((sending) -> sending.resolve(failure));
		if (!messages.isEmpty()) {
			this.release.accept(messages);
		}
	}

	/** Tells the batches of messages that these have their outcome. */
	static void decided(List<? extends Sending> resolved) {
		Batch batch = null;
		int count = 0;
		for (Sending sending : resolved) {
			Batch own = sending.batch();
			if (own != batch) {
				if (batch != null) {
					batch.decided(count);
				}
				batch = own;
				count = 0;
			}
			count += sending.count();
		}
		if (batch != null) {
			batch.decided(count);
		}
	}

	/** What is collected waits no more for others: somebody waits for room. */
	void hurry() {
		for (Batcher batcher : this.batchers) {
			if (batcher != null) {
				batcher.hurry();
			}
		}
	}

	/** Completes once everything that was appended before has its outcome. */
	CompletableFuture<Void> flushed() {
		List<CompletableFuture<?>> waits = new ArrayList<>();
		for (Batcher batcher : this.batchers) {
			if (batcher != null) {
				waits.add(batcher.flushed());
			}
		}
		return CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new));
	}

	/** Fails what is collected. */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
		}
		finally {
			this.lock.unlock();
		}
		for (Batcher batcher : this.batchers) {
			if (batcher != null) {
				fail(batcher.close(), closed());
			}
		}
	}

	void execute(Runnable task) {
		this.executor.execute(task);
	}

	/** Runs a task when a batch has lingered. */
	void later(Runnable task) {
		this.cluster.schedule(task, this.options.batching().linger());
	}

	boolean isRoomWaitedFor() {
		return this.gate.isWaitedFor();
	}

	void checkOpen() {
		this.checkOpen.run();
	}

	ClientClosedException closed() {
		return Answers.producerClosed(this.options.stream());
	}

}
