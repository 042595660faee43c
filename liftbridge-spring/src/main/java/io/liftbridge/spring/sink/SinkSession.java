package io.liftbridge.spring.sink;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.delivery.ListenerFailure;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.support.Acknowledgment;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink has in memory and its workers, from one start to its stop.
 */
final class SinkSession {

	private static final Logger logger = LoggerFactory.getLogger(SinkSession.class);

	private static final Duration DEAD_LETTER_TIMEOUT = Duration.ofMinutes(1);

	/**
	 * After how many of the longest pauses the log says again that nothing is written.
	 */
	private static final int PAUSES_PER_REMINDER = 12;

	private static final Duration IDLE = Duration.ofSeconds(10);

	private final String id;

	private final SinkProperties properties;

	private final BulkWriter writer;

	private final Recoverer recoverer;

	private final SinkMetrics metrics;

	private final Owner owner;

	private final SinkBuffer buffer;

	private final ThreadPoolExecutor workers;

	private final ScheduledExecutorService timer;

	private final ConcurrentMap<Partition, PartitionQueue> queues = new ConcurrentHashMap<>();

	private final Reminders reminders;

	private final LongAdder written = new LongAdder();

	private final LongAdder deadLettered = new LongAdder();

	private volatile boolean draining;

	private volatile boolean stopped;

	SinkSession(String id, SinkProperties properties, BulkWriter writer, Recoverer recoverer, SinkMetrics metrics,
			Owner owner) {
		this.id = id;
		this.properties = properties;
		this.writer = writer;
		this.recoverer = recoverer;
		this.metrics = metrics;
		this.owner = owner;
		this.buffer = new SinkBuffer(properties.getBufferMessages(), properties.getBufferBytes(),
				(long) properties.getBatchSize() * properties.getBatchesPerPartition());
		this.reminders = new Reminders(properties.getMaxRecoveryPause().multipliedBy(PAUSES_PER_REMINDER));
		this.workers = new ThreadPoolExecutor(properties.getWorkers(), properties.getWorkers(), IDLE.toMillis(),
				TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), threads("sink-" + id));
		this.workers.allowCoreThreadTimeOut(true);
		ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, threads("sink-timer-" + id));
		scheduler.setRemoveOnCancelPolicy(true);
		this.timer = scheduler;
	}

	private static ThreadFactory threads(String name) {
		AtomicInteger count = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		};
	}

	String id() {
		return this.id;
	}

	SinkProperties properties() {
		return this.properties;
	}

	boolean isDraining() {
		return this.draining;
	}

	boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Takes messages, when there is room. Those of a partition that is somebody else's
	 * are forgotten: they come again, if they are not theirs.
	 * @return {@code false} if they were not taken, as the sink stops
	 */
	boolean take(List<ReceivedMessage<byte[]>> messages, Acknowledgment acknowledgment) throws InterruptedException {
		ReceivedMessage<byte[]> first = messages.get(0);
		PartitionQueue queue = this.queues.computeIfAbsent(new Partition(first.stream(), first.partition()),
				(partition) -> new PartitionQueue(this, partition.stream, partition.number));
		long bytes = messages.stream().mapToLong(Buffered::bytes).sum();
		if (!this.buffer.acquire(queue.share(), messages.size(), bytes)) {
			return !this.stopped;
		}
		queue.add(messages, acknowledgment);
		return true;
	}

	/**
	 * A partition is read from behind what is written: forgets the rest.
	 * @return {@code false} if a worker has some of it yet: it will forget it, too
	 */
	boolean open(String stream, int partition) {
		PartitionQueue queue = this.queues.get(new Partition(stream, partition));
		return queue == null || queue.open();
	}

	/**
	 * Somebody else goes on with a partition behind what is written: forgets the rest.
	 */
	void giveUp(String stream, int partition) {
		PartitionQueue queue = this.queues.get(new Partition(stream, partition));
		if (queue != null) {
			queue.giveUp();
		}
	}

	void refuse(SinkBuffer.Share share, boolean refused) {
		this.buffer.refuse(share, refused);
	}

	/** These are not written, but come again. */
	void discarded(SinkBuffer.Share share, Collection<Buffered> messages) {
		this.buffer.release(share, messages.size(), messages.stream().mapToLong(Buffered::bytes).sum());
	}

	void work(Runnable task) {
		handOver(() -> this.workers.execute(task));
	}

	void later(Runnable task, Duration pause) {
		handOver(() -> this.timer.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS));
	}

	private void handOver(Runnable call) {
		try {
			call.run();
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Sink '{}' does nothing more: it was stopped", this.id);
		}
	}

	void write(SinkBatch batch) throws Exception {
		long begin = System.nanoTime();
		this.writer.write(batch);
		if (!batch.messages().isEmpty()) {
			this.metrics.written(this.id, batch.stream(), batch.messages().size(), System.nanoTime() - begin);
		}
	}

	void failed(String stream, Throwable cause) {
		this.metrics.failed(this.id, stream, cause);
	}

	boolean isPoison(Throwable failure) {
		return this.writer.isPoison(failure);
	}

	void deadLetter(ReceivedMessage<byte[]> message, Throwable cause) throws Exception {
		CompletableFuture<?> safe = this.recoverer.recoverFatal(message,
				new ListenerFailure(this.id, List.of(message), cause));
		if (safe != null) {
			safe.get(DEAD_LETTER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		this.metrics.deadLettered(this.id, message.stream());
	}

	/** A piece is written, or was dead-lettered and is passed. */
	void done(SinkBuffer.Share share, Pieces.Piece piece) {
		((piece.poison() != null) ? this.deadLettered : this.written).add(piece.messages().size());
		long bytes = 0;
		for (Buffered message : piece.messages()) {
			Acknowledgment acknowledgment = message.acknowledgment();
			if (acknowledgment != null) {
				acknowledgment.acknowledge();
			}
			bytes += message.bytes();
		}
		this.buffer.release(share, piece.messages().size(), bytes);
	}

	/** Whether partitions come and go. */
	boolean isMember() {
		return this.owner.isMember();
	}

	/** Where it is to go on in a partition must be found anew. */
	void restart(String stream, int partition) {
		if (!this.stopped) {
			this.owner.restart(stream, partition);
		}
	}

	void fail(SinkFencedException failure) {
		this.owner.fenced(failure);
	}

	/**
	 * Takes nothing more and writes what is there.
	 * @return whether all of it is written
	 */
	boolean drain(Duration timeout) {
		this.draining = true;
		if (!timeout.isZero()) {
			this.queues.values().forEach(PartitionQueue::look);
		}
		return this.buffer.drain(timeout.toNanos());
	}

	/** Begins nothing more, and waits for what is being written. */
	void close(Duration timeout) {
		this.stopped = true;
		this.buffer.close();
		this.timer.shutdownNow();
		this.workers.shutdown();
		try {
			if (!this.workers.awaitTermination(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
				this.workers.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			this.workers.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	Reminders reminders() {
		return this.reminders;
	}

	int buffered() {
		return this.buffer.messages();
	}

	/** How many partitions are not written at the moment. */
	long troubled() {
		return this.queues.values().stream().filter((queue) -> queue.trouble() != null).count();
	}

	PartitionQueue.@Nullable Trouble trouble(String stream, int partition) {
		PartitionQueue queue = this.queues.get(new Partition(stream, partition));
		return (queue != null) ? queue.trouble() : null;
	}

	SinkStatus status(@Nullable Throwable failure) {
		String error = (failure != null) ? failure.getMessage()
				: this.queues.values()
					.stream()
					.map(PartitionQueue::trouble)
					.filter((trouble) -> trouble != null)
					.map(PartitionQueue.Trouble::text)
					.findFirst()
					.orElse(null);
		return new SinkStatus(this.buffer.messages(), this.written.sum(), this.deadLettered.sum(), error);
	}

	/** The sink. */
	interface Owner {

		/** Whether it is a member of a group. */
		boolean isMember();

		/** Somebody else writes what is the sink's. */
		void fenced(SinkFencedException reason);

		/** Gives a partition up and takes it again. */
		void restart(String stream, int partition);

	}

	/** What queues are told apart by. */
	private record Partition(String stream, int number) {

	}

}
