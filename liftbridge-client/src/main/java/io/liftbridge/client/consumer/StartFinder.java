package io.liftbridge.client.consumer;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import io.liftbridge.client.cluster.Cluster;
import io.liftbridge.client.cluster.Rpc;
import io.liftbridge.client.cluster.Target;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.cursor.CursorTracker;
import io.liftbridge.client.cursor.OffsetTracking;
import io.liftbridge.proto.FetchPartitionMetadataRequest;
import io.liftbridge.proto.PartitionMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where reading a partition begins: where its cursor points, else at the start. A
 * position that depends on the moment is stored before the first message, so that whoever
 * takes over misses nothing. For use inside the client; listeners only ask it for the
 * time.
 */
public final class StartFinder {

	private static final Logger logger = LoggerFactory.getLogger(StartFinder.class);

	/**
	 * Where no message is known yet no position can be stored: a cursor with this added
	 * to its id says since when reading had begun, in Unix nanoseconds, 0 for the
	 * beginning.
	 */
	private static final String BEGUN = ":begun";

	/**
	 * A cursor with this added to its id holds a position that lies beyond the end
	 * because somebody wants to go on there, -1 for none: nothing is lost then.
	 */
	private static final String SOUGHT = ":sought";

	private static final Duration CLOCK_MARGIN = Duration.ofMinutes(1);

	private final Cluster cluster;

	private final CursorStore cursors;

	private final CursorTracker.Key key;

	private final OffsetTracking tracking;

	private final StartPosition start;

	private final String reader;

	/**
	 * Creates it.
	 * @param cluster the brokers
	 * @param cursors keeps the positions
	 * @param key which cursor, of which partition
	 * @param tracking whether the cursor is used
	 * @param start where to begin without one
	 * @param reader who reads, for people
	 */
	public StartFinder(Cluster cluster, CursorStore cursors, CursorTracker.Key key, OffsetTracking tracking,
			StartPosition start, String reader) {
		this.cluster = cluster;
		this.cursors = cursors;
		this.key = key;
		this.tracking = tracking;
		this.start = start;
		this.reader = reader;
	}

	/**
	 * Reads the cursor.
	 * @return completes with the offset of the last processed message, if there is one
	 */
	public CompletableFuture<OptionalLong> stored() {
		return this.tracking.isNone() ? CompletableFuture.completedFuture(OptionalLong.empty())
				: this.cursors.findAsync(this.key.cursorId(), this.key.stream(), this.key.partition());
	}

	/**
	 * Finds where to begin.
	 * @param stored what the cursor says
	 * @param chosen what counts instead, or {@code null}
	 * @return completes with the position
	 */
	public CompletableFuture<StartPosition> find(OptionalLong stored, @Nullable StartPosition chosen) {
		if (chosen != null) {
			return settle(stored, chosen);
		}
		if (stored.isPresent()) {
			return after(stored.getAsLong());
		}
		// An offset to begin with may be of a stream that is gone.
		if (this.tracking.isNone() || this.start.kind() == StartPosition.Kind.EARLIEST) {
			return settle(stored, this.start);
		}
		return begun().thenCompose((begun) -> begun.isPresent()
				? CompletableFuture.completedFuture(since(begun.getAsLong())) : settle(stored, this.start));
	}

	/**
	 * Goes on, in a stream that may be another one of the same name.
	 * @param stored offset of the last processed message
	 * @return completes with the position behind it, or the beginning
	 */
	public CompletableFuture<StartPosition> after(long stored) {
		return leader().thenCompose((leader) -> {
			if (leader == null || stored <= leader.getNewestOffset()) {
				return CompletableFuture.completedFuture(StartPosition.after(stored));
			}
			return this.tracking.isNone() ? lost(stored, leader) : sought().thenCompose((sought) -> (sought == stored)
					? CompletableFuture.completedFuture(StartPosition.after(stored)) : lost(stored, leader));
		});
	}

	private CompletableFuture<StartPosition> lost(long stored, PartitionMetadata leader) {
		logger.warn(
				"{}: stream '{}' partition {} was read up to offset {} and now ends at {}: it was created anew"
						+ " or has lost messages, and is read from its beginning",
				this.reader, this.key.stream(), this.key.partition(), stored, leader.getNewestOffset());
		if (this.tracking.isNone()) {
			return CompletableFuture.completedFuture(StartPosition.earliest());
		}
		return startOver().thenApply((done) -> StartPosition.earliest());
	}

	/**
	 * Sets the cursor to another place, also backwards.
	 * @param place where to go on
	 * @return completes with the place, which does not depend on the moment any more,
	 * when whoever reads next begins there
	 */
	public CompletableFuture<StartPosition> seek(StartPosition place) {
		// As if something was stored, so that nothing is.
		return settle(OptionalLong.of(-1), place).thenCompose((found) -> {
			if (this.tracking.isNone()) {
				return CompletableFuture.completedFuture(found);
			}
			boolean offset = found.kind() == StartPosition.Kind.OFFSET;
			if (offset && found.value() > 0) {
				return setSought(found.value() - 1).thenApply((done) -> found);
			}
			StartPosition since = isMomentary(found) ? StartPosition.at(lastMoment()) : found;
			boolean time = since.kind() == StartPosition.Kind.TIMESTAMP;
			return setBegun(time ? Math.max(0, since.value()) : 0).thenCompose((done) -> set(-1))
				.thenCompose((done) -> forgetSought())
				.thenApply((done) -> found);
		});
	}

	/**
	 * Makes the cursor void, as it is about another stream.
	 * @return completes when whoever reads next begins with the first message
	 */
	public CompletableFuture<Void> startOver() {
		return setBegun(0).thenCompose((done) -> set(-1)).thenCompose((done) -> forgetSought());
	}

	/** Sets the cursor, and remembers it if that is beyond the end. */
	private CompletableFuture<Void> setSought(long processed) {
		return leader().thenCompose((leader) -> (leader == null || processed > leader.getNewestOffset())
				? setMark(SOUGHT, processed).thenCompose((done) -> set(processed))
				: set(processed).thenCompose((done) -> forgetSought()));
	}

	private CompletableFuture<Long> sought() {
		return marks().findAsync(this.key.cursorId() + SOUGHT, this.key.stream(), this.key.partition())
			.thenApply((sought) -> sought.orElse(-1));
	}

	/** The same position may be reached by reading, later on. */
	private CompletableFuture<Void> forgetSought() {
		return sought()
			.thenCompose((sought) -> (sought >= 0) ? setMark(SOUGHT, -1) : CompletableFuture.completedFuture(null));
	}

	/** Turns a moment into an offset, and remembers it. */
	private CompletableFuture<StartPosition> settle(OptionalLong stored, StartPosition start) {
		if (isFixed(start)) {
			return CompletableFuture.completedFuture(start);
		}
		if (start.kind() == StartPosition.Kind.TIMESTAMP) {
			return remember(stored, start);
		}
		return leader().thenCompose((leader) -> {
			if (leader == null) {
				// Paused: where it ends is not known before it is resumed, by when
				// somebody else may be reading.
				return remember(stored, StartPosition.at(lastMoment())).thenApply((done) -> start);
			}
			// Not the high watermark: after a crash of the broker it begins at -1 again.
			long newest = leader.getNewestOffset();
			boolean latest = start.kind() == StartPosition.Kind.LATEST;
			return remember(stored, StartPosition.offset(latest ? Math.max(0, newest) : newest + 1));
		});
	}

	/**
	 * What is stored from now on is not before this moment, whatever the brokers' clocks
	 * say.
	 * @return a minute ago
	 */
	public static Instant lastMoment() {
		return Instant.now().minus(CLOCK_MARGIN);
	}

	private CompletableFuture<StartPosition> remember(OptionalLong stored, StartPosition start) {
		if (this.tracking.isNone() || stored.isPresent()) {
			return CompletableFuture.completedFuture(start);
		}
		boolean offset = start.kind() == StartPosition.Kind.OFFSET;
		CompletableFuture<Void> done = (offset && start.value() > 0) ? set(start.value() - 1)
				: setBegun(offset ? 0 : Math.max(0, start.value()));
		return done.thenApply((nothing) -> start);
	}

	private static StartPosition since(long nanos) {
		return (nanos == 0) ? StartPosition.earliest() : StartPosition.at(Instant.EPOCH.plusNanos(nanos));
	}

	/**
	 * Tells whether a place depends on the moment.
	 * @param start the place
	 * @return whether it would be another one later
	 */
	public static boolean isMomentary(StartPosition start) {
		return start.kind() == StartPosition.Kind.NEW_ONLY || start.kind() == StartPosition.Kind.LATEST;
	}

	private static boolean isFixed(StartPosition start) {
		return start.kind() == StartPosition.Kind.EARLIEST || start.kind() == StartPosition.Kind.OFFSET;
	}

	/**
	 * The leader's word, {@code null} if the partition may be paused: none comes then.
	 */
	private CompletableFuture<@Nullable PartitionMetadata> leader() {
		FetchPartitionMetadataRequest request = FetchPartitionMetadataRequest.newBuilder()
			.setStream(this.key.stream())
			.setPartition(this.key.partition())
			.build();
		Target leader = Target.leader(this.key.stream(), this.key.partition());
		Duration timeout = this.cluster.options().connectTimeout();
		PartitionMetadata known = this.cluster.known().partition(this.key.stream(), this.key.partition());
		if (known != null && known.getPaused()) {
			return this.cluster.callOnce(Rpc.FETCH_PARTITION, request, leader, timeout)
				.handle((response, failure) -> (response != null) ? response.getMetadata() : null);
		}
		return this.cluster
			.call(Rpc.FETCH_PARTITION, request, leader,
					"stream '" + this.key.stream() + "' partition " + this.key.partition(), timeout)
			.thenApply((response) -> response.getMetadata());
	}

	/** A time must not be changed by a convention for offsets. */
	private CursorStore marks() {
		return this.cursors.under(CursorConvention.LAST_PROCESSED);
	}

	private CompletableFuture<OptionalLong> begun() {
		return marks().findAsync(this.key.cursorId() + BEGUN, this.key.stream(), this.key.partition());
	}

	private CompletableFuture<Void> setBegun(long nanos) {
		return setMark(BEGUN, nanos);
	}

	private CompletableFuture<Void> setMark(String suffix, long value) {
		return marks().setAsync(this.key.cursorId() + suffix, this.key.stream(), this.key.partition(), value);
	}

	private CompletableFuture<Void> set(long processed) {
		return this.cursors.setAsync(this.key.cursorId(), this.key.stream(), this.key.partition(), processed);
	}

}
