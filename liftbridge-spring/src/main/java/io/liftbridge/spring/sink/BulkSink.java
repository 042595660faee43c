package io.liftbridge.spring.sink;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.message.MalformedEntryException;
import io.liftbridge.client.message.ReceivedMessage;
import io.liftbridge.spring.listener.ContainerProperties;
import io.liftbridge.spring.listener.LiftbridgeListenerContainerFactory;
import io.liftbridge.spring.listener.ListenerContainer;
import io.liftbridge.spring.listener.SeekAware;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.BatchListener;
import io.liftbridge.spring.listener.delivery.ErrorAction;
import io.liftbridge.spring.listener.delivery.ErrorHandler;
import io.liftbridge.spring.listener.delivery.ListenerFailure;
import io.liftbridge.spring.listener.delivery.Recoverer;
import io.liftbridge.spring.support.Acknowledgment;
import io.liftbridge.spring.support.SeekTo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Reads streams and writes them in bulk with a {@link BulkWriter}. A batch of a partition
 * is written when it is full, or when its first message has waited for long enough;
 * several partitions are written at the same time, each in order. What cannot be written
 * for the moment is tried again until it can, and memory stays bounded meanwhile: nothing
 * more is read. What can never be written is found and dead-lettered alone.
 * <p>
 * Nothing is lost in a crash. Whether something is written twice depends on the writer,
 * see {@link BulkWriter#storesPositions()}; {@link JdbcBulkSink} writes nothing twice.
 * What is dead-lettered may be so twice.
 * <p>
 * As a bean it starts and stops with the application. Safe for use by many threads.
 */
public final class BulkSink implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(BulkSink.class);

	/**
	 * How many messages are handed over together: as many as stay in a processor's cache
	 * on their way.
	 */
	private static final int FETCH = 250;

	private static final Duration PAUSE = Duration.ofMillis(250);

	private final String id;

	private final SinkProperties properties;

	private final BulkWriter writer;

	private final Recoverer recoverer;

	private final SinkMetrics metrics;

	private final ListenerContainer reader;

	/** The same, as others see it. */
	private final ListenerContainer container;

	private final boolean autoStartup;

	private final boolean member;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile @Nullable SinkSession session;

	private volatile @Nullable SinkStatus lastStatus;

	private volatile @Nullable Throwable failure;

	private volatile boolean running;

	/**
	 * Creates a sink by itself, which nothing but its user knows. A
	 * {@link BulkSinkFactory} creates those of an application.
	 * @param id names the sink: in logs, in positions that are stored, and as id of its
	 * listener container
	 * @param factory creates the container that reads
	 * @param listening what is read and how; ack mode, batch size, prefetch and
	 * concurrency are the sink's
	 * @param properties how is written
	 * @param writer writes
	 * @param recoverer takes care of messages that can never be written, as
	 * {@link io.liftbridge.spring.listener.delivery.DeadLetterPublisher} does
	 */
	public BulkSink(String id, LiftbridgeListenerContainerFactory factory, ContainerProperties listening,
			SinkProperties properties, BulkWriter writer, Recoverer recoverer) {
		this(id, factory, listening, properties, writer, recoverer, SinkMetrics.NONE);
	}

	BulkSink(String id, LiftbridgeListenerContainerFactory factory, ContainerProperties listening,
			SinkProperties properties, BulkWriter writer, Recoverer recoverer, SinkMetrics metrics) {
		this.id = id;
		this.metrics = metrics;
		this.properties = new SinkProperties(properties);
		this.writer = writer;
		this.recoverer = recoverer;
		ContainerProperties own = new ContainerProperties(listening);
		int batch = Math.max(1, Math.min(properties.getBatchSize(), properties.getBufferMessages()));
		own.setBatchSize(Math.min(batch, FETCH));
		own.setPrefetch(Math.max(own.getPrefetch(), batch));
		// One partition that waits for room must not keep workers from others.
		own.setConcurrency(Math.max(own.getConcurrency(), properties.getWorkers()));
		this.autoStartup = own.isAutoStartup();
		// The sink starts it.
		own.setAutoStartup(false);
		if (writer.storesPositions()) {
			if (own.getSeekAware() != null) {
				throw new IllegalArgumentException("Sink '" + id + "': seekAware does not go with a writer that stores"
						+ " the positions itself and says where to begin: remove it, or decide in BulkWriter.start.");
			}
			own.setAckMode(AckMode.NONE);
			own.setPartitionStart(this::begin);
		}
		else {
			own.setAckMode(AckMode.MANUAL);
			// What is buffered is bounded.
			own.setMaxUnacknowledged(0);
		}
		this.member = own.getGroup() != null;
		if (this.member) {
			own.setSeekAware(new Partitions(own.getSeekAware()));
		}
		this.reader = factory.createContainer(id, own, new Intake(), new Rejects());
		this.container = new SinkContainer(this.reader, this::trouble);
	}

	private PartitionQueue.@Nullable Trouble trouble(String stream, int partition) {
		SinkSession current = this.session;
		return (current != null) ? current.trouble(stream, partition) : null;
	}

	private @Nullable StartPosition begin(String stream, int partition, Supplier<StartPosition> configured) {
		open(stream, partition);
		return this.writer.start(stream, partition, configured);
	}

	private void open(String stream, int partition) {
		SinkSession current = this.session;
		if (current != null && !current.open(stream, partition)) {
			throw new IllegalStateException(this + " still has a batch of " + stream + "/" + partition
					+ " at hand; the partition is read on when that has ended");
		}
	}

	/**
	 * What names the sink.
	 * @return the id
	 */
	public String id() {
		return this.id;
	}

	/**
	 * The container that reads. Registered with the
	 * {@link io.liftbridge.spring.listener.LiftbridgeListenerEndpointRegistry} it is part
	 * of the application's health; a {@link BulkSinkFactory} sees to that.
	 * @return the container, not to be started or stopped by the caller
	 */
	public ListenerContainer container() {
		return this.container;
	}

	/**
	 * Tells how the sink fares. Never waits.
	 * @return the status, that of the last run while the sink is stopped
	 */
	public SinkStatus status() {
		SinkSession current = this.session;
		SinkStatus last = this.lastStatus;
		if (current != null) {
			return current.status(this.failure);
		}
		return (last != null) ? last : new SinkStatus(0, 0, 0, null);
	}

	/**
	 * Tells why the sink has stopped by itself.
	 * @return the reason, {@code null} if it has not
	 */
	public @Nullable Throwable failure() {
		return this.failure;
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			if (!this.running) {
				this.failure = null;
				this.session = new SinkSession(this.id, this.properties, this.writer, this.recoverer, this.metrics,
						new Owner());
				this.running = true;
				this.reader.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void fenced(SinkFencedException reason) {
		if (this.failure == null) {
			this.failure = reason;
			logger.error("Sink '{}' stops: {}", this.id, reason.getMessage());
			// Not by the worker, which is waited for.
			Thread thread = new Thread(() -> stop(Duration.ZERO), "sink-stop-" + this.id);
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Writes what is in memory, stores positions, and returns; at the latest after the
	 * shutdown timeouts of sink and container. What is not written then comes again after
	 * the next start. The second call is free.
	 */
	@Override
	public void stop() {
		stop(this.properties.getShutdownTimeout());
	}

	private void stop(Duration timeout) {
		this.lock.lock();
		try {
			SinkSession current = this.session;
			if (!this.running || current == null) {
				return;
			}
			this.running = false;
			long end = System.nanoTime() + timeout.toNanos();
			if (!current.drain(timeout)) {
				logger.warn("Sink '{}' has stopped before {} message(s) were written; they come again after the next"
						+ " start", this.id, current.status(null).buffered());
			}
			this.reader.stop(() -> {
			});
			current.close(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
			this.reader.stop();
			this.lastStatus = current.status(this.failure);
			this.session = null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Whether it starts with the application, as its options of listening say. */
	@Override
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Starts after listener containers and stops before them. */
	@Override
	public int getPhase() {
		return ListenerContainer.PHASE + 1;
	}

	@Override
	public String toString() {
		return "Sink '" + this.id + "'";
	}

	/** What a session asks of its sink. */
	private final class Owner implements SinkSession.Owner {

		@Override
		public boolean isMember() {
			return BulkSink.this.member;
		}

		@Override
		public void fenced(SinkFencedException reason) {
			BulkSink.this.fenced(reason);
		}

		@Override
		public void restart(String stream, int partition) {
			BulkSink.this.reader.restart(stream, partition);
		}

	}

	/** Follows the partitions that a group gives and takes. */
	private final class Partitions implements SeekAware {

		private final @Nullable SeekAware next;

		Partitions(@Nullable SeekAware next) {
			this.next = next;
		}

		@Override
		public @Nullable SeekTo onAssigned(ListenerContainer container, String stream, int partition,
				OptionalLong stored) {
			if (!BulkSink.this.writer.storesPositions()) {
				open(stream, partition);
			}
			return (this.next != null) ? this.next.onAssigned(container, stream, partition, stored) : null;
		}

		@Override
		public void onRevoked(ListenerContainer container, String stream, int partition) {
			SinkSession current = BulkSink.this.session;
			if (current != null) {
				current.giveUp(stream, partition);
			}
			if (this.next != null) {
				this.next.onRevoked(container, stream, partition);
			}
		}

	}

	/** Takes what the container reads. */
	private final class Intake implements BatchListener {

		/** Buffered is not written: SinkMetrics tells of that. */
		@Override
		public boolean isObserved() {
			return false;
		}

		@Override
		public @Nullable CompletableFuture<?> onBatch(List<Object> batch, Acknowledgment acknowledgment)
				throws InterruptedException {
			List<ReceivedMessage<byte[]>> messages = messages(batch);
			SinkSession current = BulkSink.this.session;
			if (current == null || !current.take(messages, acknowledgment)) {
				throw new IllegalStateException(BulkSink.this + " stops; the messages come again after its next start");
			}
			return null;
		}

		@SuppressWarnings("unchecked")
		private static List<ReceivedMessage<byte[]>> messages(List<?> batch) {
			return (List<ReceivedMessage<byte[]>>) batch;
		}

	}

	/**
	 * What cannot even be unpacked is dead-lettered; everything else that fails here does
	 * so because the sink stops.
	 */
	private final class Rejects implements ErrorHandler {

		@Override
		public ErrorAction onFailure(ListenerFailure failure) {
			return (failure.cause() instanceof MalformedEntryException) ? ErrorAction.recover()
					: ErrorAction.retry(PAUSE);
		}

		@Override
		public CompletableFuture<?> recover(ReceivedMessage<byte[]> message, ListenerFailure failure) {
			return BulkSink.this.recoverer.recoverFatal(message, failure);
		}

	}

}
