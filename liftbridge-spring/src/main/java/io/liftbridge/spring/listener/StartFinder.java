package io.liftbridge.spring.listener;

import java.time.Instant;
import java.util.OptionalLong;

import io.liftbridge.client.LiftbridgeClient;
import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorStore;
import io.liftbridge.client.message.BrokerUnavailableException;
import io.liftbridge.client.message.PartitionNotFoundException;
import io.liftbridge.client.stream.PartitionInfo;
import io.liftbridge.client.stream.StreamInfo;
import io.liftbridge.spring.listener.delivery.CursorWriter;
import io.liftbridge.spring.listener.delivery.PartitionDelivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where the reading of a partition begins: where it was left, else where the cursor
 * says, else at the start position. Positions that depend on the moment are turned into
 * offsets, and remembered, so that no failure later on skips a message. Asks brokers and
 * waits for them.
 */
final class StartFinder {

	private static final Logger logger = LoggerFactory.getLogger(StartFinder.class);

	/**
	 * Of an empty partition no position can be stored: a cursor with this added to its id
	 * says that reading had begun.
	 */
	private static final String BEGUN = ":begun";

	private final LiftbridgeClient client;

	private final ContainerProperties properties;

	private final String stream;

	private final int partition;

	private final PartitionDelivery delivery;

	private final @Nullable CursorWriter cursor;

	private final @Nullable String cursorId;

	private @Nullable Instant createdAt;

	private @Nullable StartPosition initial;

	private long beforeInitial = -1;

	StartFinder(LiftbridgeClient client, ContainerProperties properties, String stream, int partition,
			PartitionDelivery delivery, @Nullable CursorWriter cursor, @Nullable String cursorId) {
		this.client = client;
		this.properties = properties;
		this.stream = stream;
		this.partition = partition;
		this.delivery = delivery;
		this.cursor = cursor;
		this.cursorId = cursorId;
	}

	StartPosition find() {
		StreamInfo info = this.client.streams().describe(this.stream);
		if (this.partition >= info.partitions().size()) {
			throw new PartitionNotFoundException("stream '" + this.stream + "' has no partition " + this.partition
					+ ": it has " + info.partitions().size() + ", counted from 0.", null);
		}
		boolean recreated = this.createdAt != null && !this.createdAt.equals(info.createdAt());
		PartitionInfo leader = leader(info.partitions().get(this.partition).pausedOnce());
		StartPosition start = locate(recreated, leader);
		// Not before: an attempt that fails half-way must find the same again.
		this.createdAt = info.createdAt();
		if (leader != null) {
			this.delivery.seen(leader.newestOffset());
		}
		return start;
	}

	private StartPosition locate(boolean recreated, @Nullable PartitionInfo leader) {
		if (recreated) {
			logger.warn("Stream '{}' was created anew; partition {} is read from its beginning", this.stream,
					this.partition);
			return fromBeginning();
		}
		StartPosition known = this.initial;
		if (known != null) {
			long processed = this.delivery.processed();
			return (processed > this.beforeInitial) ? resume(processed, leader) : known;
		}
		return first(leader);
	}

	private StartPosition first(@Nullable PartitionInfo leader) {
		StartPosition configured = this.properties.getStartPosition().get();
		if (this.cursor == null || this.cursorId == null) {
			return begin(resolve(configured, leader));
		}
		CursorStore store = store();
		OptionalLong stored = store.find(this.cursorId, this.stream, this.partition);
		if (stored.isPresent()) {
			this.cursor.reset(stored.getAsLong());
			return after(stored.getAsLong(), leader);
		}
		if (!isMomentary(configured)) {
			return begin(configured);
		}
		if (store.find(this.cursorId + BEGUN, this.stream, this.partition).isPresent()) {
			return begin(StartPosition.earliest());
		}
		StartPosition start = resolve(configured, leader);
		if (start.kind() == StartPosition.Kind.OFFSET && start.value() > 0) {
			store.set(this.cursorId, this.stream, this.partition, start.value() - 1);
			this.cursor.reset(start.value() - 1);
		}
		else if (start.kind() == StartPosition.Kind.OFFSET) {
			store.set(this.cursorId + BEGUN, this.stream, this.partition, 0);
		}
		return begin(start);
	}

	/** Everything is new: what the cursor says was about something else. */
	private StartPosition fromBeginning() {
		if (this.cursor != null && this.cursorId != null) {
			CursorStore store = store();
			store.set(this.cursorId + BEGUN, this.stream, this.partition, 0);
			store.set(this.cursorId, this.stream, this.partition, -1);
			this.cursor.reset(-1);
		}
		return begin(StartPosition.earliest());
	}

	/** Goes on in a stream that is known to be the same. */
	private StartPosition resume(long processed, @Nullable PartitionInfo leader) {
		if (leader != null && processed > leader.newestOffset()) {
			logger.warn("{}/{} was read up to offset {} and now ends at {}: it has lost messages; what follows is read",
					this.stream, this.partition, processed, leader.newestOffset());
			if (this.cursor != null) {
				this.cursor.reset(leader.newestOffset());
			}
			return begin(StartPosition.offset(leader.newestOffset() + 1));
		}
		return begin(StartPosition.offset(processed + 1));
	}

	/**
	 * Goes on where a cursor says, in a stream that may be another one of the same name.
	 */
	private StartPosition after(long processed, @Nullable PartitionInfo leader) {
		if (leader != null && processed > leader.newestOffset()) {
			logger.warn(
					"{}/{} was read up to offset {} and now ends at {}: it was created anew or has lost messages,"
							+ " and is read from its beginning",
					this.stream, this.partition, processed, leader.newestOffset());
			return fromBeginning();
		}
		return begin(StartPosition.offset(processed + 1));
	}

	private StartPosition begin(StartPosition start) {
		this.beforeInitial = (start.kind() == StartPosition.Kind.OFFSET) ? start.value() - 1 : -1;
		this.delivery.reset(this.beforeInitial);
		this.initial = start;
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

	/** The leader's word, {@code null} if the partition is paused: it does not answer. */
	private @Nullable PartitionInfo leader(boolean pausedOnce) {
		try {
			return this.client.streams().describePartition(this.stream, this.partition);
		}
		catch (BrokerUnavailableException ex) {
			if (pausedOnce) {
				return null;
			}
			throw ex;
		}
	}

}
