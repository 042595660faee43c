package io.liftbridge.client.cursor;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Serial;
import io.liftbridge.client.message.LiftbridgeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the cursor of one partition: off the way of the messages, one write at a time,
 * the latest position wins, and never one behind what was stored before. For use inside
 * the client.
 */
public final class CursorTracker {

	private static final Logger logger = LoggerFactory.getLogger(CursorTracker.class);

	private static final long NOTHING = -1;

	private final Serial<Runnable> events = new Serial<>(Runnable::run);

	private final Cluster cluster;

	private final CursorStore store;

	private final Key key;

	private final OffsetTracking tracking;

	private final BooleanSupplier sole;

	private final Consumer<LiftbridgeException> failures;

	/** The position to store. */
	private final AtomicLong marked;

	private final List<Waiter> waiters = new ArrayList<>();

	private final List<CompletableFuture<Void>> closing = new ArrayList<>();

	private volatile long processed;

	/** Belongs to the delivery. */
	private long unstored;

	private long written;

	private boolean writing;

	/** Whether something asked for a write during a write. */
	private boolean again;

	private int failed;

	private boolean closed;

	/** Whether somebody else may be storing, too. */
	private boolean shared;

	/** Why nothing is stored any more. */
	private @Nullable LiftbridgeException refusal;

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param store where to store
	 * @param key which cursor
	 * @param tracking when to store
	 * @param position offset of the last processed message, -1 for none
	 * @param stored what the cursor says now
	 * @param failures is told of writes that failed
	 */
	public CursorTracker(Cluster cluster, CursorStore store, Key key, OffsetTracking tracking, long position,
			OptionalLong stored, Consumer<LiftbridgeException> failures) {
		this(cluster, store, key, tracking, position, stored, () -> true, failures);
	}

	/**
	 * Creates it for a cursor that others may come to store in.
	 * @param cluster the brokers
	 * @param store where to store
	 * @param key which cursor
	 * @param tracking when to store
	 * @param position offset of the last processed message, -1 for none
	 * @param stored what the cursor says now
	 * @param sole tells before each write whether nobody else does; otherwise only a
	 * higher position is stored
	 * @param failures is told of writes that failed
	 */
	public CursorTracker(Cluster cluster, CursorStore store, Key key, OffsetTracking tracking, long position,
			OptionalLong stored, BooleanSupplier sole, Consumer<LiftbridgeException> failures) {
		this.cluster = cluster;
		this.store = store;
		this.key = key;
		this.tracking = tracking;
		this.sole = sole;
		this.failures = failures;
		this.processed = position;
		this.written = position;
		this.marked = new AtomicLong(position);
		// Where nothing is stored, whoever takes over has to guess: the first message
		// ends that.
		this.unstored = stored.isPresent() ? 0 : tracking.messages();
	}

	/** Begins to store by time. */
	public void start() {
		if (this.tracking.isAutomatic()) {
			this.cluster.schedule(() -> this.events.post(() -> {
				if (!this.closed) {
					write();
					start();
				}
			}), this.tracking.interval());
		}
	}

	/**
	 * The handler has returned. Called by one thread at a time.
	 * @param offset of the last message it took, or that was filtered out
	 */
	public void processed(long offset) {
		// What was filtered out would have to be read again, too, and counts.
		long count = Math.max(0, offset - this.processed);
		this.processed = Math.max(this.processed, offset);
		if (this.tracking.isAutomatic()) {
			mark(offset);
			this.unstored += count;
			if (this.unstored >= this.tracking.messages()) {
				this.unstored = 0;
				flush();
			}
		}
	}

	/**
	 * Offset of the last message whose handler has returned.
	 * @return the offset, or what it began with
	 */
	public long processed() {
		return this.processed;
	}

	/** Stores the position soon, if it is not stored. */
	public void flush() {
		this.events.post(this::write);
	}

	/**
	 * Stores a position. One behind what is stored changes nothing.
	 * @param offset of the last processed message
	 * @return completes when it, or one behind it, is stored, on a thread of the network
	 */
	public CompletableFuture<Void> commit(long offset) {
		CompletableFuture<Void> done = this.cluster.track(new CompletableFuture<>());
		mark(offset);
		this.events.post(() -> {
			this.waiters.add(new Waiter(offset, done));
			write();
		});
		return done;
	}

	/**
	 * Stores the position, and does not do so by itself any more. May be called again
	 * when a handler that was running has returned.
	 * @param shared whether somebody else may be storing in the same cursor already, in
	 * which case only a higher position is stored
	 * @return completes when it is done, on a thread of the network
	 */
	public CompletableFuture<Void> close(boolean shared) {
		CompletableFuture<Void> done = this.cluster.track(new CompletableFuture<>());
		this.events.post(() -> {
			this.closed = true;
			this.shared = shared;
			this.closing.add(done);
			writeLast();
		});
		return done;
	}

	/**
	 * Stores nothing any more, as the offsets are of messages that are gone.
	 * @param reason what whoever commits is told
	 * @return completes when no write is under way any more, on a thread of the network
	 */
	public CompletableFuture<Void> abandon(LiftbridgeException reason) {
		CompletableFuture<Void> done = this.cluster.track(new CompletableFuture<>());
		this.events.post(() -> {
			this.closed = true;
			this.refusal = reason;
			this.closing.add(done);
			writeLast();
		});
		return done;
	}

	private void mark(long offset) {
		this.marked.accumulateAndGet(offset, Math::max);
	}

	private void write() {
		if (this.closed) {
			writeLast();
			return;
		}
		if (this.writing) {
			this.again = true;
			return;
		}
		long target = this.marked.get();
		if (target <= this.written) {
			settle(null);
			return;
		}
		this.writing = true;
		this.again = false;
		CompletableFuture<Void> stored = this.sole.getAsBoolean() ? set(target) : setIfHigher(target);
		stored.whenComplete((nothing, failure) -> this.events.post(() -> wrote(target, failure)));
	}

	private void wrote(long target, @Nullable Throwable failure) {
		this.writing = false;
		if (failure == null) {
			this.written = target;
			if (this.failed > 0) {
				logger.info("{} is stored again", this.key);
			}
			this.failed = 0;
		}
		else {
			failed(Cluster.unwrap(failure));
		}
		settle(failure);
		if (this.closed) {
			writeLast();
		}
		else if (failure != null) {
			this.cluster.schedule(this::flush, this.cluster.options().retryPolicy().pause(this.failed));
		}
		else if (this.again || !this.waiters.isEmpty()) {
			write();
		}
	}

	private void failed(LiftbridgeException failure) {
		if (this.failed++ == 0) {
			logger.warn("{} cannot be stored at the moment, trying again: {}", this.key, failure.getMessage());
		}
		this.failures.accept(failure);
	}

	/** Whoever waits for a write that failed must not wait for the next one. */
	private void settle(@Nullable Throwable failure) {
		this.waiters.removeIf((waiter) -> {
			boolean stored = waiter.offset <= this.written;
			if (stored) {
				waiter.done.complete(null);
			}
			else if (failure != null) {
				waiter.done.completeExceptionally(Cluster.unwrap(failure));
			}
			// Has an outcome already if the client was closed meanwhile.
			return stored || failure != null;
		});
	}

	private void writeLast() {
		if (this.writing || (this.closing.isEmpty() && this.waiters.isEmpty())) {
			return;
		}
		if (this.refusal != null) {
			refuse(this.refusal);
			return;
		}
		this.writing = true;
		// What is committed later than that may meet the next owner's.
		boolean careful = this.shared || this.closing.isEmpty();
		List<CompletableFuture<Void>> served = List.copyOf(this.closing);
		long target = this.marked.get();
		CompletableFuture<Void> last;
		if (target <= this.written) {
			last = CompletableFuture.completedFuture(null);
		}
		else {
			last = careful ? setIfHigher(target) : set(target);
		}
		last.whenComplete((nothing, failure) -> this.events.post(() -> {
			this.writing = false;
			if (failure != null) {
				logger.warn("{} could not be stored at the end; what was processed behind offset {} will be delivered"
						+ " again: {}", this.key, this.written, Cluster.unwrap(failure).getMessage());
				this.failures.accept(Cluster.unwrap(failure));
			}
			else {
				this.written = Math.max(target, this.written);
			}
			settle(failure);
			this.closing.removeAll(served);
			served.forEach((done) -> done.complete(null));
			writeLast();
		}));
	}

	private void refuse(LiftbridgeException reason) {
		this.waiters.forEach((waiter) -> waiter.done.completeExceptionally(reason));
		this.waiters.clear();
		this.closing.forEach((done) -> done.complete(null));
		this.closing.clear();
	}

	/** Where the cursor cannot be read nothing is stored, as it may be higher. */
	private CompletableFuture<Void> setIfHigher(long target) {
		return this.store.findAsync(this.key.cursorId, this.key.stream, this.key.partition)
			.thenCompose((stored) -> (stored.orElse(NOTHING) >= target) ? CompletableFuture.completedFuture(null)
					: set(target));
	}

	private CompletableFuture<Void> set(long target) {
		return this.store.setAsync(this.key.cursorId, this.key.stream, this.key.partition, target);
	}

	/**
	 * Which cursor.
	 *
	 * @param cursorId its id
	 * @param stream the stream's name
	 * @param partition the partition's number
	 */
	public record Key(String cursorId, String stream, int partition) {

		@Override
		public String toString() {
			return "cursor '" + this.cursorId + "' of stream '" + this.stream + "' partition " + this.partition;
		}

	}

	private record Waiter(long offset, CompletableFuture<Void> done) {
	}

}
