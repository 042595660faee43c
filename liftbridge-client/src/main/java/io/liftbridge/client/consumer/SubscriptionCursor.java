package io.liftbridge.client.consumer;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.LiftbridgeException;
import io.liftbridge.client.message.LiftbridgeException.Outcome;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cursor of a subscription: where reading begins, what of it is stored, and that it
 * says nothing any more when its stream was deleted. Safe for use by many threads.
 */
final class SubscriptionCursor implements HandlerObserver {

	private static final Logger logger = LoggerFactory.getLogger(SubscriptionCursor.class);

	/** A broker that does not answer must not keep a subscription from ending. */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	private final Cluster cluster;

	private final CursorStore store;

	private final SubscriptionOptions options;

	private final CursorOptions cursor;

	private final CursorTracker.Key key;

	private final StartFinder finder;

	private final StreamIdentity identity;

	private volatile @Nullable CursorTracker tracker;

	private volatile @Nullable CompletableFuture<Void> reset;

	private final AtomicBoolean stopped = new AtomicBoolean();

	private volatile long createdAt;

	SubscriptionCursor(Cluster cluster, CursorStore cursors, SubscriptionOptions options, CursorOptions cursor) {
		this.cluster = cluster;
		this.store = cursors.under(cursor.convention());
		this.options = options;
		this.cursor = cursor;
		this.key = new CursorTracker.Key(cursor.id(), options.stream(), options.partition());
		this.finder = new StartFinder(cluster, this.store, this.key, cursor.tracking(), options.start(),
				"Cursor '" + cursor.id() + "'");
		this.identity = new StreamIdentity(cluster, this.store, this.key, cursor.tracking(), this.finder);
	}

	/** The cursor that a reader must have. */
	static SubscriptionCursor required(@Nullable SubscriptionCursor cursor, Object reader) {
		if (cursor == null) {
			throw new InvalidRequestException(
					reader + " stores no positions: name a cursor with cursor(...) when it is built.", null);
		}
		return cursor;
	}

	boolean isPulled() {
		return this.cursor.pulled();
	}

	/**
	 * Finds where reading begins.
	 * @param metadata what is known of the stream at the moment
	 * @param failures is told of writes that failed
	 * @return completes with the position, or empty if reading has begun already;
	 * exceptionally if that was in another stream of the same name
	 */
	CompletableFuture<Optional<StartPosition>> begin(ClusterMetadata metadata, Consumer<LiftbridgeException> failures) {
		long created = StreamIdentity.createdAt(this.options.stream(), metadata);
		if (this.tracker != null) {
			return (created == this.createdAt) ? CompletableFuture.completedFuture(Optional.empty())
					: CompletableFuture.failedFuture(recreated());
		}
		// What is known may be of a stream that was replaced since.
		return this.identity.created()
			.thenApply((now) -> (now != 0) ? now : created)
			.thenCompose((now) -> this.identity.claim(now, 0)
				.thenCompose((anew) -> this.finder.stored())
				.thenCompose(
						(stored) -> this.finder.find(stored, null).thenApply((start) -> track(start, stored, failures)))
				.thenApply((start) -> {
					this.createdAt = now;
					return Optional.of(start);
				}));
	}

	private StartPosition track(StartPosition start, OptionalLong stored, Consumer<LiftbridgeException> failures) {
		long position = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		CursorTracker next = new CursorTracker(this.cluster, this.store, this.key, this.cursor.tracking(), position,
				stored, failures);
		this.tracker = next;
		if (this.stopped.get()) {
			next.close(true);
		}
		else {
			next.start();
		}
		return start;
	}

	private LiftbridgeException recreated() {
		LiftbridgeException reason = new LiftbridgeException(
				"stream '" + this.options.stream() + "' was created anew while partition " + this.options.partition()
						+ " was read. Subscribe again: " + this.key + " begins with its first message.");
		invalidate(reason);
		return reason;
	}

	/**
	 * Whatever has the stream's name from now on is to be read from its beginning.
	 */
	void invalidate(LiftbridgeException reason) {
		CursorTracker current = this.tracker;
		if (current != null && this.reset == null) {
			this.reset = current.abandon(reason)
				.thenCompose((nothing) -> this.finder.startOver())
				.whenComplete((nothing, failure) -> {
					if (failure != null) {
						logger.warn("{} could not be reset although its stream is another one: {}", this.key,
								Cluster.unwrap(failure).getMessage());
					}
				});
		}
	}

	@Override
	public void processed(long offset) {
		CursorTracker current = this.tracker;
		if (current != null) {
			current.processed(offset);
		}
	}

	/** Stores how far the reader has come. */
	CompletableFuture<Void> commit() {
		CursorTracker current = this.tracker;
		return (current != null) ? current.commit(current.processed()) : CompletableFuture.completedFuture(null);
	}

	CompletableFuture<Void> commit(long offset) {
		CursorTracker current = this.tracker;
		return (current != null) ? current.commit(offset)
				: CompletableFuture.failedFuture(new LiftbridgeException(
						"Offset " + offset + " cannot be stored, as reading has not begun: " + this.key, null,
						Outcome.NOT_SENT));
	}

	CompletableFuture<Void> commit(ReceivedMessage<?> message) {
		if (!message.stream().equals(this.key.stream()) || message.partition() != this.key.partition()) {
			throw new InvalidRequestException("A message of stream '" + message.stream() + "' partition "
					+ message.partition() + " cannot be committed in " + this.key + ".", null);
		}
		return commit(message.processedOffset());
	}

	/** Stores what is processed by now, as the handler may take its time. */
	void stop() {
		if (this.stopped.compareAndSet(false, true)) {
			CursorTracker current = this.tracker;
			if (current != null) {
				current.close(false);
			}
		}
	}

	/**
	 * Stores what is processed and nothing after that by itself.
	 * @return completes when it is done, or at a time limit
	 */
	CompletableFuture<Void> close() {
		// Since it was stopped somebody else may be reading on.
		boolean shared = this.stopped.getAndSet(true);
		CursorTracker current = this.tracker;
		if (current == null) {
			return CompletableFuture.completedFuture(null);
		}
		CompletableFuture<Void> reset = this.reset;
		return ((reset != null) ? reset : current.close(shared)).copy()
			.completeOnTimeout(null, CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
	}

	@Override
	public String toString() {
		return this.key.toString();
	}

}
