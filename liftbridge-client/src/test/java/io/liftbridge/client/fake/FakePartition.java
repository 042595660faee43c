package io.liftbridge.client.fake;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import com.google.protobuf.ByteString;
import io.liftbridge.proto.Message;
import io.liftbridge.proto.PartitionMetadata;
import io.liftbridge.proto.PublishRequest;

/**
 * A partition of the scripted cluster: a log in memory that outlives its brokers.
 */
public final class FakePartition {

	final ReentrantLock lock = new ReentrantLock();

	final Set<SubscriberCall> followers = ConcurrentHashMap.newKeySet();

	private final String stream;

	private final int id;

	private final List<Message> log = new ArrayList<>();

	private volatile String leader;

	private volatile List<String> isr;

	volatile boolean paused;

	volatile boolean saysPaused;

	volatile boolean readonly;

	private volatile long first;

	private volatile boolean controlled;

	/** Up to where readers see, if that is not all. */
	private volatile long highWatermark = Long.MAX_VALUE;

	FakePartition(String stream, int id, String leader) {
		this.stream = stream;
		this.id = id;
		this.leader = leader;
		this.isr = List.of(leader);
	}

	/**
	 * Tells who leads.
	 * @return a broker's id
	 */
	public String leader() {
		return this.leader;
	}

	/**
	 * Moves the leadership.
	 * @param broker the new leader's id
	 */
	public void leader(String broker) {
		this.leader = broker;
		this.isr = List.of(broker);
	}

	/**
	 * Sets the in-sync replicas.
	 * @param brokers their ids
	 */
	public void isr(String... brokers) {
		this.isr = List.of(brokers);
	}

	/**
	 * Pauses or resumes it. As on the real server, metadata says for ever that it was
	 * paused.
	 * @param pause whether it is paused from now on
	 */
	public void paused(boolean pause) {
		this.paused = pause;
		this.saysPaused |= pause;
	}

	/** Gives it optimistic concurrency control. */
	public void control() {
		this.controlled = true;
	}

	/**
	 * Lets readers see no more than this until another message is stored, as a broker
	 * that has crashed.
	 * @param offset the newest offset that is seen
	 */
	public void forgetCommitsAfter(long offset) {
		this.highWatermark = offset;
	}

	/**
	 * Loses the newest messages.
	 * @param size how many are left
	 */
	public void truncate(int size) {
		this.lock.lock();
		try {
			this.log.subList(size, this.log.size()).clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Begins the log at an offset, as if everything before had been removed.
	 * @param offset the offset of the next message of the empty log
	 */
	public void beginAt(long offset) {
		this.first = offset;
	}

	/**
	 * Stores a message.
	 * @param value its value
	 * @return its offset
	 */
	public long append(String value) {
		return append(
				PublishRequest.newBuilder().setExpectedOffset(-1).setValue(ByteString.copyFromUtf8(value)).build());
	}

	/**
	 * Stores a message without a word.
	 * @param request the message
	 * @return its offset, -1 if it is refused as it expects another one
	 */
	public long append(PublishRequest request) {
		this.lock.lock();
		try {
			long offset = newest() + 1;
			if (this.controlled && request.getExpectedOffset() != -1 && request.getExpectedOffset() != offset) {
				return -1;
			}
			long hidden = this.highWatermark;
			this.highWatermark = Long.MAX_VALUE;
			if (hidden != Long.MAX_VALUE) {
				from(hidden + 1).forEach((message) -> this.followers.forEach((follower) -> follower.deliver(message)));
			}
			Message message = Message.newBuilder()
				.setStream(this.stream)
				.setPartition(this.id)
				.setOffset(offset)
				.setKey(request.getKey())
				.setValue(request.getValue())
				.setSubject((this.id == 0) ? this.stream : this.stream + "." + this.id)
				.setTimestamp((offset + 1) * 1_000_000_000L)
				.putAllHeaders(request.getHeadersMap())
				.build();
			this.log.add(message);
			this.followers.forEach((follower) -> follower.deliver(message));
			return offset;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tells the newest offset.
	 * @return the offset, -1 if there is none
	 */
	public long newest() {
		this.lock.lock();
		try {
			return this.first + this.log.size() - 1;
		}
		finally {
			this.lock.unlock();
		}
	}

	long oldest() {
		return this.first;
	}

	/**
	 * Lists what is stored.
	 * @return the values in order
	 */
	public List<String> values() {
		return from(this.first).stream().map((message) -> message.getValue().toStringUtf8()).toList();
	}

	List<Message> committed(long offset) {
		return from(offset).stream().filter((message) -> message.getOffset() <= this.highWatermark).toList();
	}

	List<Message> from(long offset) {
		this.lock.lock();
		try {
			int size = this.log.size();
			return List.copyOf(this.log.subList((int) Math.min(size, Math.max(0, offset - this.first)), size));
		}
		finally {
			this.lock.unlock();
		}
	}

	PartitionMetadata metadata() {
		return PartitionMetadata.newBuilder()
			.setId(this.id)
			.setLeader(this.leader)
			.addAllReplicas(this.isr)
			.addAllIsr(this.isr)
			.setHighWatermark(Math.min(this.highWatermark, newest()))
			.setNewestOffset(newest())
			.setPaused(this.saysPaused)
			.setReadonly(this.readonly)
			.build();
	}

}
