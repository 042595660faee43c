package io.liftbridge.embedded.stream;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.liftbridge.embedded.log.IncorrectOffsetException;
import io.liftbridge.embedded.log.LogEntry;
import io.liftbridge.embedded.log.Nanos;
import io.liftbridge.embedded.log.PartitionLog;
import io.liftbridge.embedded.log.StorageException;
import io.liftbridge.embedded.stream.StreamState.PartitionState;
import io.liftbridge.proto.Ack;
import io.liftbridge.proto.AckPolicy;
import io.liftbridge.proto.PartitionMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One partition of a stream, led by this broker. Thread-safe.
 */
public final class Partition {

	private static final Logger logger = LoggerFactory.getLogger(Partition.class);

	private final Stream stream;

	private final int id;

	private final String subject;

	private final boolean pattern;

	private final Cluster cluster;

	private final PartitionLog log;

	private final StoredMessage.Common common;

	private final GroupSubscribers groupSubscribers = new GroupSubscribers();

	private final AtomicInteger subscribers = new AtomicInteger();

	private final EventTimes received = new EventTimes();

	private final EventTimes pauses = new EventTimes();

	private final EventTimes readonlyChanges = new EventTimes();

	private volatile boolean paused;

	private volatile boolean pausedOnce;

	private volatile boolean readonlyInMetadata;

	Partition(Stream stream, int id, Cluster cluster, PartitionLog log, PartitionState state) {
		this.stream = stream;
		this.id = id;
		this.subject = (id == 0) ? stream.subject() : stream.subject() + "." + id;
		this.pattern = Subject.isPattern(this.subject);
		this.cluster = cluster;
		this.log = log;
		this.common = new StoredMessage.Common(stream.name(), id, this.subject, "");
		this.paused = state.paused();
		this.pausedOnce = state.pausedOnce();
		this.readonlyInMetadata = state.readonlyInMetadata();
		log.setReadonly(state.readonly());
		if (this.paused) {
			log.close();
		}
		started(state);
	}

	/**
	 * What is to be known of the partition to bring it back.
	 */
	PartitionState state() {
		return new PartitionState(this.paused, this.pausedOnce, this.log.isReadonly(), this.readonlyInMetadata,
				this.readonlyChanges.everHappened());
	}

	/**
	 * Lets the times in metadata be those that a real broker shows after a start.
	 */
	void started(PartitionState state) {
		this.received.happenedAtStart(false);
		this.pauses.happenedAtStart(state.pausedOnce());
		this.readonlyChanges.happenedAtStart(state.readonlyChanged());
	}

	/**
	 * The number within the stream.
	 * @return the id, 0 for the first
	 */
	public int id() {
		return this.id;
	}

	/**
	 * Where the messages are.
	 * @return the log
	 */
	public PartitionLog log() {
		return this.log;
	}

	/**
	 * Whether the partition is paused now.
	 * @return {@code true} if nothing is stored or read until it is resumed
	 */
	public boolean isPaused() {
		return this.paused;
	}

	/**
	 * The subject the partition listens on.
	 * @return the stream's subject for partition 0, else with the partition's id appended
	 */
	public String subject() {
		return this.subject;
	}

	/**
	 * Subscribers that belong to consumer groups.
	 * @return who they are
	 */
	public GroupSubscribers groupSubscribers() {
		return this.groupSubscribers;
	}

	/**
	 * Counts a subscriber that came or went; some partitions do not pause themselves
	 * while there are any.
	 * @param change 1 or -1
	 */
	public void countSubscriber(int change) {
		this.subscribers.addAndGet(change);
	}

	boolean hasSubscribers() {
		return this.subscribers.get() > 0;
	}

	long lastReceived() {
		return this.received.latest();
	}

	String queueGroup() {
		return this.stream.queueGroup();
	}

	Stream stream() {
		return this.stream;
	}

	boolean listensTo(String published) {
		return this.pattern ? Subject.matches(this.subject, published) : this.subject.equals(published);
	}

	/**
	 * Stores a message that arrived on this partition's subject. A message the log does
	 * not take is dropped silently.
	 * @throws RefusedException if the message cannot be kept on disk
	 */
	void receive(IncomingMessage message, Consumer<Ack> acks) {
		this.received.happened();
		if (message.isLargerThan(this.cluster.maxMessageBytes())) {
			acks.accept(ack(message).setAckError(Ack.Error.TOO_LARGE).setReceptionTimestamp(Nanos.now()).build());
			return;
		}
		boolean all = message.ackPolicy() == AckPolicy.ALL_VALUE;
		boolean committed = !all || this.stream.options().minIsr() <= 1;
		LogEntry entry;
		try {
			entry = this.log.append(new StoredMessage(message, commonOf(message)), committed);
		}
		catch (StorageException ex) {
			throw RefusedException.internal("failed to store the message in stream '" + this.stream.name()
					+ "', partition " + this.id + ": " + ex.getMessage());
		}
		catch (IncorrectOffsetException ex) {
			long now = Nanos.now();
			acks.accept(ack(message).setAckError(Ack.Error.INCORRECT_OFFSET)
				.setReceptionTimestamp(now)
				.setCommitTimestamp(now)
				.build());
			return;
		}
		if (entry != null && (all ? committed : message.ackPolicy() == AckPolicy.LEADER_VALUE)) {
			acks.accept(ack(message).setOffset(entry.offset())
				.setReceptionTimestamp(entry.timestamp())
				.setCommitTimestamp(Math.max(Nanos.now(), entry.timestamp()))
				.build());
		}
	}

	private StoredMessage.Common commonOf(IncomingMessage message) {
		if (message.reply().isEmpty() && message.subject().equals(this.subject)) {
			return this.common;
		}
		return new StoredMessage.Common(this.stream.name(), this.id, message.subject(), message.reply());
	}

	private Ack.Builder ack(IncomingMessage message) {
		return Ack.newBuilder()
			.setStream(this.stream.name())
			.setPartitionSubject(this.stream.subject())
			.setMsgSubject(message.subject())
			.setAckInbox(message.ackInbox())
			.setCorrelationId(message.correlationId())
			.setAckPolicyValue(message.ackPolicy());
	}

	void delete() {
		try {
			this.log.delete();
		}
		catch (StorageException ex) {
			logger.warn("Files of the deleted stream {} are left until the next start: {}", this.stream.name(),
					ex.getMessage());
		}
	}

	void pause() {
		this.paused = true;
		this.pausedOnce = true;
		this.pauses.happened();
		this.log.close();
	}

	/**
	 * Resumes the partition. Like a real broker this loses the read-only state, although
	 * metadata goes on to show it, and metadata goes on to show the partition as paused.
	 */
	void resume() {
		this.log.reopen();
		this.paused = false;
		this.pauses.happened();
	}

	void setReadonly(boolean readonly) {
		this.log.setReadonly(readonly);
		this.readonlyInMetadata = readonly;
		this.readonlyChanges.happened();
	}

	/**
	 * What metadata says of the partition.
	 * @return its description
	 */
	public PartitionMetadata describe() {
		return PartitionMetadata.newBuilder()
			.setId(this.id)
			.setLeader(this.cluster.brokerId())
			.addReplicas(this.cluster.brokerId())
			.addIsr(this.cluster.brokerId())
			.setHighWatermark(this.log.highWatermark())
			.setNewestOffset(this.log.newestOffset())
			.setPaused(this.pausedOnce)
			.setReadonly(this.readonlyInMetadata)
			.setMessagesReceivedTimestamps(this.received.describe())
			.setPauseTimestamps(this.pauses.describe())
			.setReadonlyTimestamps(this.readonlyChanges.describe())
			.build();
	}

}
