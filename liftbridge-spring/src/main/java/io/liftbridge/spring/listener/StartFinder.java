package io.liftbridge.spring.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.spring.listener.delivery.CursorWriter;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the reading of a partition begins: where it was left, else where the cursor
 * says, else at the start position. Positions that depend on the moment are turned into
 * offsets, and remembered, so that no failure later on skips a message. Asks brokers and
 * waits for them.
 */
final class StartFinder {

	/**
	 * Where no message is known yet no position can be stored: a cursor with this added
	 * to its id says since when reading had begun, in Unix nanoseconds, 0 for the
	 * beginning.
	 */
	private static final String BEGUN = ":begun";

	/**
	 * A cursor with this added to its id says when the stream was created in which the
	 * cursor is a position, in Unix nanoseconds. The client's groups and subscriptions
	 * keep the same.
	 */
	private static final String CREATED = ":created";

	/**
	 * A cursor with this added to its id holds a position that lies beyond the end
	 * because somebody wants to go on there, -1 for none: nothing is lost then. The
	 * client's groups keep the same.
	 */
	private static final String SOUGHT = ":sought";

	/**
	 * The leader of a partition that was paused may never answer, and tells the time by
	 * another clock.
	 */
	private static final Duration PAUSED_PATIENCE = Duration.ofSeconds(2);

	private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(10);

	private final LiftbridgeClient client;

	private final ContainerProperties properties;

	private final String stream;

	private final int partition;

	private final Supplier<PartitionDelivery> delivery;

	private final @Nullable CursorWriter cursor;

	private final @Nullable String cursorId;

	private final Resets resets;

	private volatile @Nullable Instant createdAt;

	private boolean anew;

	private @Nullable StartPosition initial;

	private long beforeInitial = -1;

	StartFinder(LiftbridgeClient client, ContainerProperties properties, String stream, int partition,
			Supplier<PartitionDelivery> delivery, @Nullable CursorWriter cursor, @Nullable String cursorId,
			Resets resets) {
		this.client = client;
		this.properties = properties;
		this.stream = stream;
		this.partition = partition;
		this.delivery = delivery;
		this.cursor = cursor;
		this.cursorId = cursorId;
		this.resets = resets;
	}

	/** The partition is new: whatever is stored is about another one. */
	void beginAnew() {
		this.anew = true;
	}

	/** Tells whether the stream is still the one that reading began in. */
	boolean isSame() {
		return this.client.streams().describe(this.stream).createdAt().equals(this.createdAt);
	}

	private StreamInfo describe() {
		StreamInfo info = this.client.streams().describe(this.stream);
		if (this.partition >= info.partitions().size()) {
			throw new PartitionNotFoundException("stream '" + this.stream + "' has no partition " + this.partition
					+ ": it has " + info.partitions().size() + ", counted from 0.", null);
		}
		return info;
	}

	/** What the cursor says of this stream, and not of one that was deleted since. */
	OptionalLong stored() {
		return (this.cursor != null && this.cursorId != null && !isOfAnother(describe().createdAt()))
				? store().find(this.cursorId, this.stream, this.partition) : OptionalLong.empty();
	}

	/**
	 * Offset of the last processed message; before the first one what the cursor says.
	 */
	long processed() {
		return (this.initial != null) ? this.delivery.get().processed() : stored().orElse(-1);
	}

	/** Goes on elsewhere, wherever the cursor stands, and sets it to there. */
	StartPosition seek(StartPosition place) {
		StreamInfo info = describe();
		PartitionInfo leader = leader(info.partitions().get(this.partition).pausedOnce());
		StartPosition fixed = (place.kind() == StartPosition.Kind.EARLIEST) ? StartPosition.offset(0) : place;
		StartPosition start = resolve(fixed, leader);
		if (this.cursor != null && this.cursorId != null) {
			long before = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
			// First: a late acknowledgment must not be stored behind the new place.
			this.cursor.reset(before);
			CursorStore store = store();
			if (before < 0) {
				store.set(this.cursorId + BEGUN, this.stream, this.partition, begins(start));
			}
			boolean beyond = before >= 0 && (leader == null || before > leader.newestOffset());
			if (beyond) {
				marks().set(this.cursorId + SOUGHT, this.stream, this.partition, before);
			}
			store.set(this.cursorId, this.stream, this.partition, before);
			if (!beyond) {
				forgetSought();
			}
			claim(info.createdAt());
		}
		this.anew = false;
		this.createdAt = info.createdAt();
		return begin(start);
	}

	StartPosition find() {
		StreamInfo info = describe();
		Instant known = this.createdAt;
		boolean other = (known != null) ? !known.equals(info.createdAt()) : isOfAnother(info.createdAt());
		PartitionInfo leader = leader(info.partitions().get(this.partition).pausedOnce());
		StartPosition start;
		if (other) {
			start = fromBeginning();
			claim(info.createdAt());
			this.resets.recreated("stream '" + this.stream + "' was created anew at " + info.createdAt()
					+ "; partition " + this.partition + " is read from its beginning");
		}
		else {
			start = this.anew ? fromBeginning() : locate(leader);
		}
		this.anew = false;
		// Not before: an attempt that fails half-way must find the same again.
		this.createdAt = info.createdAt();
		if (leader != null) {
			this.delivery.get().seen(leader.newestOffset());
		}
		return start;
	}

	/**
	 * Whether the cursor is about a stream that was deleted since; notes which it is
	 * about.
	 */
	private boolean isOfAnother(Instant created) {
		if (this.cursor == null || this.cursorId == null || nanos(created) == 0) {
			return false;
		}
		OptionalLong stored = marks().find(this.cursorId + CREATED, this.stream, this.partition);
		if (stored.isEmpty() || stored.getAsLong() == 0) {
			claim(created);
			return false;
		}
		return stored.getAsLong() != nanos(created);
	}

	private void claim(Instant created) {
		if (this.cursor != null && this.cursorId != null && nanos(created) != 0) {
			marks().set(this.cursorId + CREATED, this.stream, this.partition, nanos(created));
		}
	}

	private long sought() {
		return marks().find(this.cursorId + SOUGHT, this.stream, this.partition).orElse(-1);
	}

	/** The same position may be reached by reading, later on. */
	private void forgetSought() {
		if (sought() >= 0) {
			marks().set(this.cursorId + SOUGHT, this.stream, this.partition, -1);
		}
	}

	private static long nanos(Instant time) {
		return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
	}

	/** A time must not be changed by a convention for offsets. */
	private CursorStore marks() {
		return this.client.cursors(CursorConvention.LAST_PROCESSED);
	}

	private StartPosition locate(@Nullable PartitionInfo leader) {
		StartPosition known = this.initial;
		if (known != null) {
			long processed = this.delivery.get().processed();
			return (processed > this.beforeInitial) ? resume(processed, leader) : known;
		}
		return first(leader);
	}

	private StartPosition first(@Nullable PartitionInfo leader) {
		if (this.cursor == null || this.cursorId == null) {
			return begin(own(leader));
		}
		StartPosition configured = this.properties.getStartPosition().get();
		CursorStore store = store();
		OptionalLong stored = store.find(this.cursorId, this.stream, this.partition);
		if (stored.isPresent()) {
			this.cursor.reset(stored.getAsLong());
			return after(stored.getAsLong(), leader);
		}
		if (configured.kind() == StartPosition.Kind.EARLIEST) {
			return begin(configured);
		}
		OptionalLong begun = store.find(this.cursorId + BEGUN, this.stream, this.partition);
		if (begun.isPresent()) {
			return begin(since(begun.getAsLong()));
		}
		if (configured.kind() == StartPosition.Kind.OFFSET) {
			return begin(configured);
		}
		StartPosition start = resolve(configured, leader);
		if (start.kind() == StartPosition.Kind.OFFSET && start.value() > 0) {
			store.set(this.cursorId, this.stream, this.partition, start.value() - 1);
			this.cursor.reset(start.value() - 1);
		}
		else {
			store.set(this.cursorId + BEGUN, this.stream, this.partition, begins(start));
		}
		return begin(start);
	}

	/** Without a cursor: as the listener itself says, if it does. */
	private StartPosition own(@Nullable PartitionInfo leader) {
		PartitionStart starts = this.properties.getPartitionStart();
		StartPosition own = (starts != null) ? starts.find(this.stream, this.partition, () -> fixed(leader)) : null;
		if (own == null) {
			return resolve(this.properties.getStartPosition().get(), leader);
		}
		if (leader != null && own.kind() == StartPosition.Kind.OFFSET && own.value() > leader.newestOffset() + 1) {
			this.resets.reset(this.stream + "/" + this.partition + " is to be read from offset " + own.value()
					+ " and ends at " + leader.newestOffset() + ": it has lost messages; what follows is read");
			return StartPosition.offset(leader.newestOffset() + 1);
		}
		return own;
	}

	private StartPosition fixed(@Nullable PartitionInfo leader) {
		return fixed(this.client, this.stream, this.partition, this.properties.getStartPosition().get(), leader);
	}

	/** The configured position as an offset, if that can be told. */
	static StartPosition fixed(LiftbridgeClient client, String stream, int partition, StartPosition configured,
			@Nullable PartitionInfo leader) {
		if (configured.kind() != StartPosition.Kind.TIMESTAMP || leader == null) {
			return resolve(configured, leader);
		}
		return StartPosition.offset(client.reader()
			.findOffset(stream, partition, configured, SEARCH_PATIENCE)
			.orElse(leader.newestOffset() + 1));
	}

	/** Since when a partition is read whose offsets say nothing yet. */
	private static long begins(StartPosition start) {
		return switch (start.kind()) {
			case OFFSET -> 0;
			case TIMESTAMP -> Math.max(0, start.value());
			default -> nanos(io.liftbridge.client.consumer.StartFinder.lastMoment());
		};
	}

	private static StartPosition since(long nanos) {
		return (nanos == 0) ? StartPosition.earliest() : StartPosition.at(Instant.EPOCH.plusNanos(nanos));
	}

	/** Everything is new: what the cursor says was about something else. */
	private StartPosition fromBeginning() {
		if (this.cursor != null && this.cursorId != null) {
			this.cursor.reset(-1);
			CursorStore store = store();
			store.set(this.cursorId + BEGUN, this.stream, this.partition, 0);
			store.set(this.cursorId, this.stream, this.partition, -1);
			forgetSought();
		}
		return begin(StartPosition.earliest());
	}

	/** Goes on in a stream that is known to be the same. */
	private StartPosition resume(long processed, @Nullable PartitionInfo leader) {
		if (leader != null && processed > leader.newestOffset()) {
			this.resets.reset(this.stream + "/" + this.partition + " was read up to offset " + processed
					+ " and now ends at " + leader.newestOffset() + ": it has lost messages; what follows is read");
			if (this.cursor != null) {
				this.cursor.reset(leader.newestOffset());
			}
			return begin(StartPosition.offset(leader.newestOffset() + 1));
		}
		return begin(StartPosition.after(processed));
	}

	/**
	 * Goes on where a cursor says, in a stream that may be another one of the same name.
	 */
	private StartPosition after(long processed, @Nullable PartitionInfo leader) {
		if (leader != null && processed > leader.newestOffset() && sought() != processed) {
			this.resets.reset(this.stream + "/" + this.partition + " was read up to offset " + processed
					+ " and now ends at " + leader.newestOffset()
					+ ": it was created anew or has lost messages, and is read from its beginning");
			return fromBeginning();
		}
		return begin(StartPosition.after(processed));
	}

	private StartPosition begin(StartPosition start) {
		this.beforeInitial = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		this.delivery.get().reset(this.beforeInitial);
		// Another attempt would be at another moment.
		this.initial = isMomentary(start) ? since(begins(start)) : start;
		return start;
	}

	private static StartPosition resolve(StartPosition start, @Nullable PartitionInfo leader) {
		if (!isMomentary(start) || leader == null) {
			return start;
		}
		// Not the high watermark: after a crash of the broker it begins at -1 again.
		long newest = leader.newestOffset();
		return StartPosition.offset((start.kind() == StartPosition.Kind.LATEST) ? Math.max(0, newest) : newest + 1);
	}

	private CursorStore store() {
		return this.client.cursors(this.properties.getCursorConvention());
	}

	private static boolean isMomentary(StartPosition start) {
		return start.kind() == StartPosition.Kind.NEW_ONLY || start.kind() == StartPosition.Kind.LATEST;
	}

	private @Nullable PartitionInfo leader(boolean pausedOnce) {
		return leader(this.client, this.stream, this.partition, pausedOnce);
	}

	/** The leader's word, {@code null} if the partition is paused: it does not answer. */
	static @Nullable PartitionInfo leader(LiftbridgeClient client, String stream, int partition, boolean pausedOnce) {
		if (!pausedOnce) {
			return client.streams().describePartition(stream, partition);
		}
		try {
			return client.streams()
				.describePartitionAsync(stream, partition)
				.get(PAUSED_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			return null;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof BrokerUnavailableException) {
				return null;
			}
			throw (ex.getCause() instanceof RuntimeException cause) ? cause : new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while asking for " + stream + "/" + partition, ex);
		}
	}

	/** What happens to positions. */
	interface Resets {

		/** Reading begins elsewhere than where it was left. */
		void reset(String reason);

		/** So it does because the whole stream is another one. */
		void recreated(String reason);

	}

}
