package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.liftbridge.client.group.GroupMember;
import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.DeliveryContext;
import io.liftbridge.spring.listener.delivery.ListenerControl;
import io.liftbridge.spring.listener.delivery.RecordListener;
import io.liftbridge.spring.listener.delivery.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * What a container does between a start and a stop.
 */
final class ContainerSession {

	private final ContainerContext context;

	private final ListenerContainer container;

	private final Callbacks callbacks;

	private final Executor workers;

	private final WorkerPool pool;

	private final OutageLog outages;

	private final DeliveryContext deliveries;

	private final List<? extends PartitionSource> sources;

	private final PauseSwitch pauses;

	private final @Nullable IdleWatch idle;

	private final @Nullable Throttle throttle;

	private final Set<PartitionConsumer> waiting = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean complete = new AtomicBoolean();

	private @Nullable ScheduledFuture<?> looks;

	private volatile boolean stopping;

	ContainerSession(ContainerContext context, ListenerContainer container, PauseSwitch pauses, Callbacks callbacks) {
		this.context = context;
		this.container = container;
		this.pauses = pauses;
		this.callbacks = callbacks;
		ContainerProperties properties = context.properties();
		Executor given = context.executor();
		this.workers = (given != null) ? given : context.threads().workers(context.id());
		this.pool = new WorkerPool(this.workers, properties.getConcurrency());
		this.outages = new OutageLog(context.id(), context.threads().timer());
		this.deliveries = new DeliveryContext(context.id(), context.cursorId(), context.listener(),
				properties.getAckMode(), properties.getAckCount(), properties.getMaxUnacknowledged(),
				context.errorHandler(), context.metrics(), this.pool, context.threads().timer(),
				properties.getMaxRecoveryPause(), properties.getShutdownTimeout(), this::fail, callbacks);
		Duration idleInterval = properties.getIdleEventInterval();
		this.idle = idleInterval.isZero() ? null : new IdleWatch(context, container, idleInterval);
		this.throttle = (properties.getMaxMessagesPerSecond() > 0)
				? new Throttle(properties.getMaxMessagesPerSecond(), context.threads().timer()) : null;
		this.sources = sources();
	}

	private List<? extends PartitionSource> sources() {
		ContainerProperties properties = this.context.properties();
		if (properties.getGroup() != null) {
			return List.of(new GroupAssignment(this.context, this));
		}
		if (properties.getStreamPattern() != null) {
			return List.of(new PatternAssignment(this.context, this));
		}
		List<String> retryStreams = this.context.retryStreams(properties.getStreams());
		return properties.getStreams()
			.stream()
			.map((stream) -> new StreamAssignment(this.context, this, stream, retryStreams.contains(stream)))
			.toList();
	}

	void start() {
		this.context.threads().begin();
		this.sources.forEach(PartitionSource::begin);
		if (this.idle != null) {
			this.idle.start();
		}
		Duration interval = this.context.properties().getLagInterval();
		if (!interval.isZero()) {
			this.looks = this.context.threads()
				.timer()
				.scheduleWithFixedDelay(() -> readers().forEach(PartitionReader::look), interval.toNanos(),
						interval.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/** Prepares the partitions of a stream. */
	List<PartitionConsumer> add(ContainerContext source, String stream, List<Integer> partitions) {
		String cursorId = (source.properties().getAckMode() != AckMode.NONE) ? source.cursorId() : null;
		List<PartitionConsumer> consumers = new ArrayList<>();
		for (int partition : partitions) {
			consumers.add(new PartitionConsumer(source, this, stream, partition, cursorId));
		}
		this.waiting.addAll(consumers);
		return List.copyOf(consumers);
	}

	/** A partition is live, for the first time or again. */
	void live(PartitionConsumer consumer) {
		this.waiting.remove(consumer);
		check();
	}

	/** Tells when every partition has been live. */
	void check() {
		if (this.waiting.isEmpty() && this.sources.stream().allMatch(PartitionSource::isAssigned) && !this.stopping
				&& this.complete.compareAndSet(false, true)) {
			this.callbacks.complete();
		}
	}

	/** These are not waited for any more. */
	void forget(List<PartitionConsumer> consumers) {
		consumers.forEach(this.waiting::remove);
		check();
	}

	/** Something cannot be read, before everything has been live. */
	void startupFailed(Throwable reason) {
		if (this.context.properties().getStartupFailurePolicy() != StartupFailurePolicy.RETRY && !this.complete.get()) {
			fail(reason);
		}
	}

	void fail(Throwable reason) {
		if (!this.stopping) {
			this.callbacks.failed(reason);
		}
	}

	/** The stream of this name is another one, which may have more partitions. */
	void recreated(String stream) {
		this.sources.forEach((source) -> source.recreated(stream));
	}

	/** Completes when nothing runs any more, at the latest after the shutdown timeout. */
	CompletableFuture<Void> stop() {
		this.stopping = true;
		if (this.looks != null) {
			this.looks.cancel(false);
		}
		if (this.idle != null) {
			this.idle.stop();
		}
		CompletableFuture<?>[] stops = this.sources.stream()
			.map(PartitionSource::stop)
			.toArray(CompletableFuture[]::new);
		CompletableFuture<Void> ended = new CompletableFuture<>();
		Runnable finish = () -> {
			this.sources.forEach(PartitionSource::abandon);
			ended.complete(null);
		};
		Runnable end = () -> {
			try {
				// Not on a thread of the network or the timer: others wait for this.
				this.workers.execute(finish);
			}
			catch (RuntimeException ex) {
				finish.run();
			}
		};
		AtomicBoolean once = new AtomicBoolean();
		Runnable endOnce = () -> {
			if (once.compareAndSet(false, true)) {
				end.run();
			}
		};
		ScheduledFuture<?> timeout = afterTimeout(endOnce);
		CompletableFuture.allOf(stops).whenComplete((nothing, failure) -> {
			if (timeout != null) {
				timeout.cancel(false);
			}
			endOnce.run();
		});
		return ended;
	}

	private @Nullable ScheduledFuture<?> afterTimeout(Runnable end) {
		try {
			return this.context.threads()
				.timer()
				.schedule(end, this.context.properties().getShutdownTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The factory was closed before: nobody else ends what does not end by
			// itself.
			end.run();
			return null;
		}
	}

	boolean isStopping() {
		return this.stopping;
	}

	boolean isRunByCurrentThread() {
		return readers().anyMatch(PartitionReader::isRunByCurrentThread);
	}

	OutageLog outages() {
		return this.outages;
	}

	WorkerPool pool() {
		return this.pool;
	}

	DeliveryContext deliveries() {
		return this.deliveries;
	}

	/** The container, as the source of events. */
	Object source() {
		return this.container;
	}

	ListenerContainer container() {
		return this.container;
	}

	/** How many messages are fetched together. */
	int batchSize() {
		int size = this.context.properties().getBatchSize();
		return (this.throttle != null && this.context.listener() instanceof RecordListener)
				? Math.min(size, this.throttle.burst()) : size;
	}

	/** Messages were delivered. */
	void delivered(PartitionReader reader, int messages) {
		if (this.throttle != null) {
			this.throttle.delivered(reader, messages);
		}
	}

	/** Whether nothing more is to be asked for at the moment. */
	boolean isHeld(PartitionReader reader) {
		return reader.isHolding() || isPaused(reader.stream(), reader.partition())
				|| (this.throttle != null && this.throttle.isHeld(reader));
	}

	boolean isPaused(String stream, int partition) {
		return this.pauses.isPaused(stream, partition);
	}

	/** Messages have arrived, or one that cannot be read. */
	void received() {
		if (this.idle != null) {
			this.idle.received();
		}
	}

	Stream<? extends PartitionReader> readers() {
		return this.sources.stream().flatMap(PartitionSource::readers);
	}

	@Nullable GroupMember groupMember() {
		return this.sources.stream()
			.map(PartitionSource::groupMember)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	List<PartitionStatus> status() {
		return this.sources.stream().flatMap((source) -> source.status().stream()).toList();
	}

	/** What the container learns. */
	interface Callbacks extends ListenerControl {

		/** Every partition has been live. */
		void complete();

		/** It cannot work as it is configured. */
		void failed(Throwable reason);

	}

}
