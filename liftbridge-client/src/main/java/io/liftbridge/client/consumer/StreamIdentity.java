package io.liftbridge.client.consumer;

import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.ClusterMetadata;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.proto.StreamMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a stream from a later one of the same name, of which a cursor says nothing. When
 * the stream of a cursor was created is kept beside it, so that whoever reads next knows,
 * too. For use inside the client.
 */
public final class StreamIdentity {

	private static final Logger logger = LoggerFactory.getLogger(StreamIdentity.class);

	/**
	 * A cursor with this added to its id says when the stream was created in which the
	 * cursor is a position, in Unix nanoseconds.
	 */
	private static final String CREATED = ":created";

	private static final long UNKNOWN = 0;

	private final Cluster cluster;

	private final CursorStore cursors;

	private final CursorTracker.Key key;

	private final StartFinder finder;

	private final boolean stored;

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param cursors keeps the positions
	 * @param key which cursor
	 * @param tracking whether the cursor is used
	 * @param finder makes the cursor void
	 */
	public StreamIdentity(Cluster cluster, CursorStore cursors, CursorTracker.Key key, OffsetTracking tracking,
			StartFinder finder) {
		this.cluster = cluster;
		// A time must not be changed by a convention for offsets.
		this.cursors = cursors.under(CursorConvention.LAST_PROCESSED);
		this.key = key;
		this.finder = finder;
		this.stored = !tracking.isNone();
	}

	/**
	 * Asks a broker when the stream was created.
	 * @return completes with that, in Unix nanoseconds, 0 if the broker does not tell
	 */
	public CompletableFuture<Long> created() {
		return this.cluster.refresh().thenApply((metadata) -> createdAt(this.key.stream(), metadata));
	}

	/**
	 * Tells when a stream was created.
	 * @param stream its name
	 * @param metadata what is known
	 * @return when, in Unix nanoseconds, 0 if that is not known
	 */
	public static long createdAt(String stream, ClusterMetadata metadata) {
		StreamMetadata found = metadata.stream(stream);
		return (found != null) ? found.getCreationTimestamp() : UNKNOWN;
	}

	/**
	 * Makes the cursor void if it is about another stream.
	 * @param created when the present one was created, 0 if that is not known
	 * @param before when the stream was created that was read last by this reader, 0 if
	 * there was none
	 * @return completes with whether nothing was read of the present one
	 */
	public CompletableFuture<Boolean> claim(long created, long before) {
		boolean other = created != UNKNOWN && before != UNKNOWN && created != before;
		if (!this.stored || created == UNKNOWN) {
			return CompletableFuture.completedFuture(other);
		}
		return find().thenCompose((known) -> {
			if (known == created) {
				// Whoever was first has made it void, if it had to be.
				return CompletableFuture.completedFuture(false);
			}
			if (known == UNKNOWN && !other) {
				return set(created).thenApply((done) -> false);
			}
			logger.warn("{} is about a stream that was deleted; the one of that name now is read from its beginning",
					this.key);
			return this.finder.startOver().thenCompose((done) -> set(created)).thenApply((done) -> true);
		});
	}

	private CompletableFuture<Long> find() {
		return this.cursors.findAsync(this.key.cursorId() + CREATED, this.key.stream(), this.key.partition())
			.thenApply((found) -> found.orElse(UNKNOWN));
	}

	private CompletableFuture<Void> set(long created) {
		return this.cursors.setAsync(this.key.cursorId() + CREATED, this.key.stream(), this.key.partition(), created);
	}

}
