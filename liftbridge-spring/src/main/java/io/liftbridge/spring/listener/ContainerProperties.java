package io.liftbridge.spring.listener;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.liftbridge.client.consumer.StartPosition;
import io.liftbridge.client.cursor.CursorConvention;
import io.liftbridge.client.stream.StreamNames;
import io.liftbridge.spring.listener.delivery.AckMode;
import org.jspecify.annotations.Nullable;

/**
 * Options of a container. Set them before the container is created; not safe for use by
 * several threads.
 */
public class ContainerProperties extends ControlProperties {

	private List<String> streams = List.of();

	private @Nullable Pattern streamPattern;

	private Duration streamRefreshInterval = Duration.ofSeconds(10);

	private PartitionSelection partitions = PartitionSelection.all();

	private Supplier<StartPosition> startPosition = StartPosition::newOnly;

	private @Nullable PartitionStart partitionStart;

	private @Nullable String cursorId;

	private @Nullable String group;

	private @Nullable String memberId;

	private boolean leaderOnly;

	private CursorConvention cursorConvention = CursorConvention.LAST_PROCESSED;

	private AckMode ackMode = AckMode.RECORD;

	private int concurrency = 1;

	private int batchSize = 500;

	private Duration shutdownTimeout = Duration.ofSeconds(10);

	private Duration cursorInterval = Duration.ofMillis(100);

	private Duration lagInterval = Duration.ofSeconds(10);

	private Duration maxRecoveryPause = Duration.ofSeconds(5);

	private int ackCount = 100;

	private Duration ackInterval = Duration.ofSeconds(5);

	private int maxUnacknowledged = 50_000;

	/**
	 * Creates options with their defaults.
	 */
	public ContainerProperties() {
	}

	/**
	 * Creates a copy.
	 * @param other what to copy
	 */
	public ContainerProperties(ContainerProperties other) {
		super(other);
		this.streams = other.streams;
		this.streamPattern = other.streamPattern;
		this.streamRefreshInterval = other.streamRefreshInterval;
		this.partitions = other.partitions;
		this.startPosition = other.startPosition;
		this.partitionStart = other.partitionStart;
		this.cursorId = other.cursorId;
		this.group = other.group;
		this.memberId = other.memberId;
		this.leaderOnly = other.leaderOnly;
		this.cursorConvention = other.cursorConvention;
		this.ackMode = other.ackMode;
		this.concurrency = other.concurrency;
		this.batchSize = other.batchSize;
		this.shutdownTimeout = other.shutdownTimeout;
		this.cursorInterval = other.cursorInterval;
		this.lagInterval = other.lagInterval;
		this.maxRecoveryPause = other.maxRecoveryPause;
		this.ackCount = other.ackCount;
		this.ackInterval = other.ackInterval;
		this.maxUnacknowledged = other.maxUnacknowledged;
	}

	public List<String> getStreams() {
		return this.streams;
	}

	/**
	 * Names the streams to read.
	 * @param streams the streams' names, at least one; a name given twice counts once
	 */
	public void setStreams(List<String> streams) {
		this.streams = streams.stream().distinct().toList();
	}

	public @Nullable Pattern getStreamPattern() {
		return this.streamPattern;
	}

	/**
	 * Reads all streams whose names match, instead of named ones. Streams that are
	 * created later are found from time to time and read from their beginning; those that
	 * are deleted are not read any more.
	 * @param streamPattern must match a whole name; default {@code null}
	 */
	public void setStreamPattern(@Nullable Pattern streamPattern) {
		this.streamPattern = streamPattern;
	}

	public Duration getStreamRefreshInterval() {
		return this.streamRefreshInterval;
	}

	/**
	 * Sets how often streams are looked for that match the pattern.
	 * @param streamRefreshInterval default 10 s, from a millisecond to a day
	 */
	public void setStreamRefreshInterval(Duration streamRefreshInterval) {
		if (streamRefreshInterval.compareTo(Duration.ofMillis(1)) < 0) {
			throw new IllegalArgumentException(
					"Listener option streamRefreshInterval is " + streamRefreshInterval + "; it must be 1 ms or more.");
		}
		this.streamRefreshInterval = notNegative("streamRefreshInterval", streamRefreshInterval);
	}

	public PartitionSelection getPartitions() {
		return this.partitions;
	}

	/**
	 * Selects the partitions to read, of each stream.
	 * @param partitions default: all
	 */
	public void setPartitions(PartitionSelection partitions) {
		this.partitions = partitions;
	}

	/** Whether a partition may be read, as far as the options tell. */
	boolean mayRead(String stream, int partition) {
		boolean named = (this.streamPattern != null) ? this.streamPattern.matcher(stream).matches()
				: this.streams.contains(stream);
		return named && partition >= 0 && this.partitions.numbers(partition + 1).contains(partition);
	}

	/** What is read, for messages. */
	String describeRead() {
		String read = (this.streamPattern != null) ? "streams that match '" + this.streamPattern + "'"
				: "the streams " + this.streams;
		return read + (this.partitions.isAll() ? "" : ", of them the partitions " + this.partitions);
	}

	public Supplier<StartPosition> getStartPosition() {
		return this.startPosition;
	}

	/**
	 * Sets where reading begins when no cursor is stored.
	 * @param startPosition asked at each start; default: new messages only
	 */
	public void setStartPosition(Supplier<StartPosition> startPosition) {
		this.startPosition = startPosition;
	}

	public @Nullable PartitionStart getPartitionStart() {
		return this.partitionStart;
	}

	/**
	 * Sets what tells where the reading of each partition begins. Only in ack mode NONE:
	 * elsewhere cursors do.
	 * @param partitionStart default {@code null}: the start position
	 */
	public void setPartitionStart(@Nullable PartitionStart partitionStart) {
		this.partitionStart = partitionStart;
	}

	public @Nullable String getCursorId() {
		return this.cursorId;
	}

	/**
	 * Names the cursor in which positions are stored, with every ack mode but NONE.
	 * @param cursorId default: the listener's id
	 */
	public void setCursorId(@Nullable String cursorId) {
		this.cursorId = cursorId;
	}

	public @Nullable String getGroup() {
		return this.group;
	}

	/**
	 * Names the consumer group whose members share the partitions. Positions are stored
	 * in the group's cursors, {@code __group:<group>}, so that there must be no cursor
	 * id, and the group decides which partitions are read, so that none may be selected.
	 * @param group the group's name; default {@code null}: the listener reads all its
	 * partitions, as do those of other instances of the application
	 */
	public void setGroup(@Nullable String group) {
		this.group = (group != null) ? StreamNames.checkGroup(group) : null;
	}

	public @Nullable String getMemberId() {
		return this.memberId;
	}

	/**
	 * Names this member of the group. A member with a fixed id takes the place of one
	 * that has crashed at once, but no two that live may have the same: set it only where
	 * each instance of the application has an id of its own.
	 * @param memberId default {@code null}: the listener's id and something random
	 */
	public void setMemberId(@Nullable String memberId) {
		this.memberId = (memberId != null) ? StreamNames.checkConsumer(memberId) : null;
	}

	public boolean isLeaderOnly() {
		return this.leaderOnly;
	}

	/**
	 * Sets whether one member of the group reads all partitions, while the others stand
	 * by to take over. All members must say the same and have the same streams.
	 * @param leaderOnly default {@code false}: the members share the partitions
	 */
	public void setLeaderOnly(boolean leaderOnly) {
		this.leaderOnly = leaderOnly;
	}

	public CursorConvention getCursorConvention() {
		return this.cursorConvention;
	}

	/**
	 * Sets what the number in a cursor means.
	 * @param cursorConvention default {@link CursorConvention#LAST_PROCESSED}
	 */
	public void setCursorConvention(CursorConvention cursorConvention) {
		this.cursorConvention = cursorConvention;
	}

	public AckMode getAckMode() {
		return this.ackMode;
	}

	/**
	 * Sets when positions are stored.
	 * @param ackMode default {@link AckMode#RECORD}
	 */
	public void setAckMode(AckMode ackMode) {
		this.ackMode = ackMode;
	}

	public int getConcurrency() {
		return this.concurrency;
	}

	/**
	 * Sets how many partitions are worked at the same time.
	 * @param concurrency 1 (default) and above; more than there are partitions is of no
	 * use
	 */
	public void setConcurrency(int concurrency) {
		this.concurrency = positive("concurrency", concurrency);
	}

	public int getBatchSize() {
		return this.batchSize;
	}

	/**
	 * Sets how many messages a batch listener receives at the most, and how many are
	 * fetched together in ack mode BATCH.
	 * @param batchSize default 500
	 */
	public void setBatchSize(int batchSize) {
		this.batchSize = positive("batchSize", batchSize);
	}

	public Duration getShutdownTimeout() {
		return this.shutdownTimeout;
	}

	/**
	 * Sets how long stopping waits for listeners and for positions to be stored.
	 * @param shutdownTimeout default 10 s, at most a day; keep it below
	 * spring.lifecycle.timeout-per- shutdown-phase
	 */
	public void setShutdownTimeout(Duration shutdownTimeout) {
		this.shutdownTimeout = notNegative("shutdownTimeout", shutdownTimeout);
	}

	public Duration getCursorInterval() {
		return this.cursorInterval;
	}

	/**
	 * Sets how much time is between two writes of a partition's position; those in
	 * between are bundled.
	 * @param cursorInterval default 100 ms, at most a day
	 */
	public void setCursorInterval(Duration cursorInterval) {
		this.cursorInterval = notNegative("cursorInterval", cursorInterval);
	}

	public Duration getLagInterval() {
		return this.lagInterval;
	}

	/**
	 * Sets how often the newest offset of each partition is looked up, for the lag. One
	 * in which nothing happens is looked at less often, at least every sixth time.
	 * @param lagInterval default 10 s, at most a day; zero for never
	 */
	public void setLagInterval(Duration lagInterval) {
		this.lagInterval = notNegative("lagInterval", lagInterval);
	}

	public Duration getMaxRecoveryPause() {
		return this.maxRecoveryPause;
	}

	/**
	 * Sets the longest pause between attempts to begin, to store a position, or to put a
	 * message in the dead-letter stream.
	 * @param maxRecoveryPause default 5 s, from a millisecond to a day; the first pause
	 * is 250 ms
	 */
	public void setMaxRecoveryPause(Duration maxRecoveryPause) {
		if (maxRecoveryPause.compareTo(Duration.ofMillis(1)) < 0) {
			throw new IllegalArgumentException("Listener option maxRecoveryPause is " + maxRecoveryPause
					+ "; it must be 1 ms or more: without a pause a broker that is away is asked without end.");
		}
		this.maxRecoveryPause = notNegative("maxRecoveryPause", maxRecoveryPause);
	}

	public int getAckCount() {
		return this.ackCount;
	}

	/**
	 * Sets after how many processed messages of a partition its position is stored, in
	 * ack mode COUNT.
	 * @param ackCount default 100
	 */
	public void setAckCount(int ackCount) {
		this.ackCount = positive("ackCount", ackCount);
	}

	public Duration getAckInterval() {
		return this.ackInterval;
	}

	/**
	 * Sets how much time is between two writes of a partition's position, in ack mode
	 * TIME.
	 * @param ackInterval default 5 s, at most a day
	 */
	public void setAckInterval(Duration ackInterval) {
		this.ackInterval = notNegative("ackInterval", ackInterval);
	}

	public int getMaxUnacknowledged() {
		return this.maxUnacknowledged;
	}

	/**
	 * Sets how many messages of a partition may wait to be acknowledged, in ack mode
	 * MANUAL. Each takes some memory. With that many, to which a batch in delivery may
	 * add, the partition delivers nothing more until there are half as many.
	 * @param maxUnacknowledged default 50,000; 0 for any number
	 */
	public void setMaxUnacknowledged(int maxUnacknowledged) {
		if (maxUnacknowledged < 0) {
			throw new IllegalArgumentException("Listener option maxUnacknowledged is " + maxUnacknowledged
					+ "; it must be 0 for any number, or more.");
		}
		this.maxUnacknowledged = maxUnacknowledged;
	}

}
