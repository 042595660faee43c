package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.liftbridge.spring.listener.delivery.AckMode;
import io.liftbridge.spring.listener.delivery.DeliveryContext;
import io.liftbridge.spring.listener.delivery.WorkerPool;
import org.jspecify.annotations.Nullable;

/**
 * What a container does between a start and a stop.
 */
final class ContainerSession {

	private final ContainerContext context;

	private final Callbacks callbacks;

	private final @Nullable ExecutorService ownThreads;

	private final Executor workers;

	private final WorkerPool pool;

	private final OutageLog outages;

	private final DeliveryContext deliveries;

	private final List<StreamAssignment> assignments;

	private final Set<PartitionConsumer> waiting = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean complete = new AtomicBoolean();

	private @Nullable ScheduledFuture<?> looks;

	private volatile boolean stopping;

	ContainerSession(ContainerContext context, Callbacks callbacks) {
		this.context = context;
		this.callbacks = callbacks;
		ContainerProperties properties = context.properties();
		Executor given = context.executor();
		this.ownThreads = (given == null) ? ListenerThreads.workers(context.id()) : null;
		this.workers = (given != null) ? given : Objects.requireNonNull(this.ownThreads);
		this.pool = new WorkerPool(this.workers, properties.getConcurrency());
		this.outages = new OutageLog(context.id(), context.threads().timer());
		this.deliveries = new DeliveryContext(context.id(), context.listener(), properties.getAckMode(),
				context.errorHandler(), context.metrics(), this.pool, properties.getMaxRecoveryPause(),
				properties.getShutdownTimeout());
		this.assignments = properties.getStreams()
			.stream()
			.map((stream) -> new StreamAssignment(context, this, stream))
			.toList();
	}

	void start() {
		this.context.threads().begin();
		this.assignments.forEach(StreamAssignment::begin);
		Duration interval = this.context.properties().getLagInterval();
		if (!interval.isZero()) {
			this.looks = this.context.threads()
				.timer()
				.scheduleWithFixedDelay(() -> consumers().forEach(PartitionConsumer::look), interval.toNanos(),
						interval.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/** Prepares the partitions of a stream. */
	List<PartitionConsumer> add(String stream, List<Integer> partitions) {
		ContainerProperties properties = this.context.properties();
		String cursorId = null;
		if (properties.getAckMode() != AckMode.NONE) {
			cursorId = (properties.getCursorId() != null) ? properties.getCursorId() : this.context.id();
		}
		List<PartitionConsumer> consumers = new ArrayList<>();
		for (int partition : partitions) {
			consumers.add(new PartitionConsumer(this.context, this, this.deliveries, stream, partition, cursorId));
		}
		this.waiting.addAll(consumers);
		return List.copyOf(consumers);
	}

	/** A partition is live, for the first time or again. */
	void live(PartitionConsumer consumer) {
		this.waiting.remove(consumer);
		if (this.waiting.isEmpty() && this.assignments.stream().allMatch(StreamAssignment::isAssigned) && !this.stopping
				&& this.complete.compareAndSet(false, true)) {
			this.callbacks.complete();
		}
	}

	void fail(Throwable reason) {
		if (!this.stopping) {
			this.callbacks.failed(reason);
		}
	}

	/** The stream of this name is another one, which may have more partitions. */
	void recreated(String stream) {
		this.assignments.stream()
			.filter((assignment) -> assignment.stream().equals(stream))
			.forEach(StreamAssignment::extend);
	}

	/** Completes when nothing runs any more, at the latest after the shutdown timeout. */
	CompletableFuture<Void> stop() {
		this.stopping = true;
		if (this.looks != null) {
			this.looks.cancel(false);
		}
		CompletableFuture<?>[] stops = consumers().map(PartitionConsumer::stop).toArray(CompletableFuture[]::new);
		CompletableFuture<Void> ended = new CompletableFuture<>();
		Runnable finish = () -> {
			consumers().forEach(PartitionConsumer::abandon);
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
		ScheduledFuture<?> timeout = this.context.threads().timer().schedule(() -> {
			if (once.compareAndSet(false, true)) {
				end.run();
			}
		}, this.context.properties().getShutdownTimeout().toNanos(), TimeUnit.NANOSECONDS);
		CompletableFuture.allOf(stops).whenComplete((nothing, failure) -> {
			if (once.compareAndSet(false, true)) {
				timeout.cancel(false);
				end.run();
			}
		});
		return ended.whenComplete((nothing, failure) -> {
			if (this.ownThreads != null) {
				this.ownThreads.shutdown();
			}
		});
	}

	boolean isStopping() {
		return this.stopping;
	}

	boolean isRunByCurrentThread() {
		return consumers().anyMatch(PartitionConsumer::isRunByCurrentThread);
	}

	OutageLog outages() {
		return this.outages;
	}

	WorkerPool pool() {
		return this.pool;
	}

	Object source() {
		return this.callbacks;
	}

	private Stream<PartitionConsumer> consumers() {
		return this.assignments.stream().flatMap((assignment) -> assignment.consumers().stream());
	}

	List<PartitionStatus> status() {
		return this.assignments.stream()
			.flatMap((assignment) -> assignment.isAssigned()
					? assignment.consumers().stream().map(PartitionConsumer::status) : Stream.of(assignment.status()))
			.toList();
	}

	/** What the container learns. */
	interface Callbacks {

		/** Every partition has been live. */
		void complete();

		/** It cannot work as it is configured. */
		void failed(Throwable reason);

	}

}
