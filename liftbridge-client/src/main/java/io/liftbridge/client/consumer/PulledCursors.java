package io.liftbridge.client.consumer;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntToLongFunction;

import io.liftbridge.client.message.InvalidRequestException;
import io.liftbridge.client.message.ReceivedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The cursors of a consumer, one for each partition. What was returned counts as
 * processed when more is asked for, which is when its user has had the time to. Except
 * where said otherwise for whoever holds the consumer's lock.
 */
final class PulledCursors {

	private final Object consumer;

	private final Subscriptions subscriptions;

	private final Notices notices;

	private final Map<Integer, Place> places = new ConcurrentHashMap<>();

	private final ReentrantLock closing = new ReentrantLock();

	private @Nullable CompletableFuture<Void> closed;

	PulledCursors(Object consumer, Subscriptions subscriptions) {
		this.consumer = consumer;
		this.subscriptions = subscriptions;
		Executor threads = subscriptions.threads();
		this.notices = new Notices(consumer, threads);
	}

	/** Starts a subscription, with its cursor if it has one. */
	Subscription start(SubscriptionOptions options) {
		SubscriptionCursor cursor = this.subscriptions.cursor(options);
		Subscription subscription = this.subscriptions.start(options, cursor);
		if (cursor != null) {
			this.places.put(options.partition(), new Place(cursor, subscription));
			this.subscriptions.opened(this);
		}
		return subscription;
	}

	/** A message waits to be returned. */
	void waits(int partition) {
		Place place = this.places.get(partition);
		if (place != null) {
			place.waiting++;
		}
	}

	/** A message that has waited is returned. */
	void returned(ReceivedMessage<byte[]> message) {
		Place place = this.places.get(message.partition());
		if (place != null) {
			place.waiting--;
			place.returned = message.processedOffset();
		}
	}

	/** More is asked for. */
	void processed() {
		for (Place place : this.places.values()) {
			long offset = (place.waiting == 0) ? place.subscription.lastProcessed() : place.returned;
			if (offset > place.processed) {
				place.processed = offset;
				place.cursor.processed(offset);
			}
		}
	}

	/**
	 * Stores what was returned, without the lock.
	 * @param returned tells how far a partition was returned
	 */
	CompletableFuture<Void> commit(IntToLongFunction returned) {
		required();
		return this.notices.tell(CompletableFuture.allOf(this.places.entrySet().stream().map((entry) -> {
			long offset = returned.applyAsLong(entry.getKey());
			return (offset < 0) ? CompletableFuture.completedFuture(null) : entry.getValue().cursor.commit(offset);
		}).toArray(CompletableFuture[]::new)));
	}

	/** Stores that a message is processed, without the lock. */
	CompletableFuture<Void> commit(ReceivedMessage<?> message) {
		required();
		Place place = this.places.get(message.partition());
		if (place == null) {
			throw new InvalidRequestException(this.consumer + " does not read partition " + message.partition() + ".",
					null);
		}
		return this.notices.tell(place.cursor.commit(message));
	}

	private void required() {
		SubscriptionCursor.required(this.places.values().stream().findFirst().map(Place::cursor).orElse(null),
				this.consumer);
	}

	/**
	 * Stores what is processed and nothing after that by itself. Needs no lock.
	 * @return completes when it is done, or at a time limit
	 */
	CompletableFuture<Void> close() {
		this.closing.lock();
		try {
			if (this.closed == null) {
				this.closed = CompletableFuture.allOf(this.places.values()
					.stream()
					.map((place) -> place.cursor.close())
					.toArray(CompletableFuture[]::new));
				this.closed.whenComplete((nothing, failure) -> this.subscriptions.closed(this));
			}
			return this.closed;
		}
		finally {
			this.closing.unlock();
		}
	}

	/** How far a partition is. */
	private static final class Place {

		private final SubscriptionCursor cursor;

		private final Subscription subscription;

		private int waiting;

		private long returned = -1;

		private long processed = -1;

		Place(SubscriptionCursor cursor, Subscription subscription) {
			this.cursor = cursor;
			this.subscription = subscription;
		}

		SubscriptionCursor cursor() {
			return this.cursor;
		}

	}

}
