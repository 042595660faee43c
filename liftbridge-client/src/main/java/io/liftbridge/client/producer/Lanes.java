package io.liftbridge.client.producer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import org.jspecify.annotations.Nullable;

/**
 * The lanes of a producer, and beside them the messages that go by calls of their own.
 */
final class Lanes {

	/** Partitions beyond this number share lanes. */
	private static final int MAX_LANES = 64;

	private final Cluster cluster;

	private final ProducerOptions options;

	private final @Nullable PublishingIds ids;

	private final Consumer<List<Pending>> release;

	private final UnaryPublishes unary;

	private final AtomicReferenceArray<@Nullable Lane> lanes = new AtomicReferenceArray<>(MAX_LANES);

	/** By partition, in place of the others: no two partitions can share one. */
	private final @Nullable Map<Integer, IdempotentLane> idempotent;

	private volatile boolean closed;

	Lanes(Cluster cluster, ProducerOptions options, @Nullable PublishingIds ids, Consumer<List<Pending>> release) {
		this.ids = ids;
		this.cluster = cluster;
		this.options = options;
		this.release = release;
		this.idempotent = options.exact().idempotence() ? new ConcurrentHashMap<>() : null;
		this.unary = new UnaryPublishes(cluster, options, release);
	}

	/** The message is on its way. It has entered the gate. */
	void send(Pending pending) {
		if (!pending.message.ackInbox().isEmpty()) {
			this.unary.send(pending);
			if (this.closed) {
				// Too late to be among those that were closed.
				this.unary.close();
			}
			return;
		}
		Carrier lane = (this.idempotent != null) ? idempotent(this.idempotent, pending.partition)
				: lane(pending.partition);
		lane.send(pending);
		if (this.closed) {
			lane.close();
		}
	}

	private Lane lane(int partition) {
		int index = partition % MAX_LANES;
		Lane lane = this.lanes.get(index);
		if (lane == null) {
			lane = new Lane(this.cluster, this.options, partition, this.ids, this.release);
			if (!this.lanes.compareAndSet(index, null, lane)) {
				return lane(partition);
			}
		}
		return lane;
	}

	private IdempotentLane idempotent(Map<Integer, IdempotentLane> all, int partition) {
		IdempotentLane lane = all.get(partition);
		return (lane != null) ? lane : all.computeIfAbsent(partition,
				(id) -> new IdempotentLane(this.cluster, this.options, id, this.ids, this.release));
	}

	/** Completes once everything that was sent before is decided. */
	CompletableFuture<Void> flushed() {
		List<CompletableFuture<?>> waits = new ArrayList<>(this.unary.open());
		each((lane) -> waits.add(lane.flushed()));
		return CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new)).exceptionally((refused) -> null);
	}

	/** Fails what has no answer. Completes once all calls have ended. */
	CompletableFuture<Void> close() {
		this.closed = true;
		List<CompletableFuture<Void>> ends = new ArrayList<>();
		each((lane) -> ends.add(lane.close()));
		this.unary.close();
		return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new));
	}

	private void each(Consumer<Carrier> action) {
		if (this.idempotent != null) {
			this.idempotent.values().forEach(action);
			return;
		}
		for (int i = 0; i < MAX_LANES; i++) {
			Lane lane = this.lanes.get(i);
			if (lane != null) {
				action.accept(lane);
			}
		}
	}

}
